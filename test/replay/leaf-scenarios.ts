import { childIdOf } from '../../src/domain/uuid.ts';
import { CALLER, sourceOf } from '../spec/engine.ts';
import { fails, never, takes } from './runs.ts';
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

const CLOSING = `
workflow: closing
activities:
  - name: tell
    emit: { event: "ticket:closed", payload: { id: "\${input.id}" } }
    output: { event: "\${output.eventId}" }
  - name: act
`;

const FULFILLING = `
workflow: fulfilling
activities:
  - name: ready
    wait: { signal: go }
  - name: collect
    workflow: { name: parcel, version: 1, input: { id: "\${input.id}" } }
    output: { weight: "\${output.weight}" }
  - name: survey
    workflow: { name: parcel, input: { id: survey }, wait: false }
  - name: hurry
    parallel:
      join: first
      branches:
        ours: [{ name: again, workflow: { name: parcel, input: { id: again } } }]
        theirs: [{ name: enough, wait: { signal: enough } }]
  - name: last
    workflow: { name: parcel, input: { id: last }, on_cancel: abandon }
`;

const PARCEL = `
workflow: parcel
variables: { parcel: "\${input.id}" }
activities:
  - name: weigh
    wait: { signal: weighed }
    output: { weight: "\${output}" }
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
  {
    name: 'captured',
    yaml: `
workflow: captured
tracing: { sampling_rate: 1, capture: true, components: [workflow_engine] }
activities:
  - name: book
    input: { seats: 2 }
  - name: pay
compensation_activities: { book: { activity: cancel } }
error_handling: { workflow_error: { strategy: compensate } }
`,
    activities: (clock) => ({
      book: takes(clock, 20, 'x'.repeat(11_000)),
      pay: fails(clock, 30, 'Declined'),
      cancel: takes(clock, 10, null),
    }),
    play: ({ end, id }) => end(id),
  },
  {
    name: 'emitting-an-event',
    yaml: CLOSING,
    input: { id: 'T-1' },
    activities: () => ({ act: never }),
    play: async ({ definitions, happened }) => {
      definitions.complete();
      await happened('step.started', 'act 1');
    },
  },
  {
    name: 'logged',
    yaml: `
workflow: logged
logging: { level: warn }
activities:
  - name: work
`,
    activities: () => ({
      work: ({ logger }) => {
        logger.info('Not kept.');
        logger.warn('Kept.', { n: 1 });
        return null;
      },
    }),
    play: ({ end, id }) => end(id),
  },
  {
    name: 'running-children',
    yaml: FULFILLING,
    input: { id: 'O-1' },
    activities: () => ({}),
    play: async ({ definitions, engine, id, clock, happened }) => {
      await definitions.register(sourceOf(PARCEL), CALLER);
      const signal = async (to: string, name: string, payload: number | null) => {
        clock.advance(60_000);
        await engine.executions.handle(to, { type: 'signal', signal: name, payload }, CALLER);
      };
      await signal(id, 'go', null);
      await happened('child.started', 'collect 1');
      await signal(childIdOf(id, 'collect', 1), 'weighed', 7);
      await happened('child.started', 'hurry[ours].again 1');
      await signal(id, 'enough', null);
      await engine.ended(childIdOf(id, 'hurry[ours].again', 1));
      await happened('child.started', 'last 1');
    },
  },
];
