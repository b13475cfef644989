import { takes } from './runs.ts';
import type { Scenario } from './scenarios.ts';

/** What runs give, where their definitions say it. */
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
];
