import { CALLER } from '../spec/engine.ts';
import type { Scenario } from './scenarios.ts';

const OFFER = `
workflow: offer
variables: { boss: bob }
activities:
  - name: draft
    approval: { assignees: "\${workflow.boss}" }
    output: { decision: "\${output.decision}" }
  - name: answer
    parallel:
      join: first
      branches:
        lawyer: [{ name: check, approval: { assignees: [ann, bob] } }]
        customer: [{ name: sign, approval: {} }]
  - name: publish
    approval: { assignees: [ann], timeout: 2d }
`;

/** Steps that wait for others than activities. */
export const LEAFS: readonly Scenario[] = [
  {
    name: 'waiting-for-a-decision',
    yaml: OFFER,
    activities: () => ({}),
    play: async ({ engine, id, clock }) => {
      const decide = async (step: string, by: string, decision: 'approved' | 'rejected') => {
        clock.advance(60_000);
        const command = { type: 'decide_approval', step, decision, by, comment: 'as agreed' } as const;
        await engine.executions.handle(id, command, CALLER);
      };
      await decide('draft', 'bob', 'rejected');
      await decide('answer[customer].sign', 'cy', 'approved');
    },
  },
];
