import { takes } from './runs.ts';
import type { Scenario } from './scenarios.ts';

/** What runs are found by, where their definitions say it. */
export const SEARCHED: readonly Scenario[] = [
  {
    name: 'being-found',
    yaml: `
workflow: found
variables: { stage: new }
activities:
  - name: pay
    output: { stage: paid }
search: { customer: "\${input.customer}", amount: "\${input.amount}", urgent: "\${input.amount > 9.0}", stage: "\${workflow.stage}" }
tags: [orders, "\${input.region}"]
`,
    input: { customer: 'c-1', amount: 12.5, region: 'eu' },
    activities: (clock) => ({ pay: takes(clock, 30, null) }),
    play: ({ end, id }) => end(id),
  },
];
