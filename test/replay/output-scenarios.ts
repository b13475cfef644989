import { takes } from './runs.ts';
import type { Scenario } from './scenarios.ts';

/** What runs give, and what their steps are called, where their definitions say it. */
export const OUTPUTS: readonly Scenario[] = [
  {
    name: 'giving-an-output',
    yaml: `
workflow: totals
variables: { currency: EUR }
activities:
  - name: add_up
    output: { total: "\${output.total}" }
output: { total: "\${workflow.total}", lines: "\${steps.add_up.output.lines}" }
`,
    activities: (clock) => ({ add_up: takes(clock, 30, { total: 7, lines: ['a', 'b'] }) }),
    play: ({ end, id }) => end(id),
  },
  {
    name: 'called-by-labels',
    yaml: `
workflow: called
variables: { order: O-1 }
activities:
  - name: charge
    label: "charge \${workflow.order}"
  - name: each
    label: each parcel
    foreach: { items: [a, b], steps: [{ name: pack, label: "\${item}", wait: { for: 1s } }] }
`,
    activities: (clock) => ({ charge: takes(clock, 30, null) }),
    play: async ({ happened, clock, end, id }) => {
      for (const turn of [0, 1]) {
        await happened('timer.scheduled', `each[${turn}].pack 1`);
        clock.advance(1_000);
      }
      await end(id);
    },
  },
];
