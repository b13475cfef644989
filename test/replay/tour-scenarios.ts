import type { HandClock } from '../spec/clock.ts';
import type { Run } from '../spec/engine.ts';
import { fails, never, takes } from './runs.ts';
import type { Scenario } from './scenarios.ts';

const YAML = `
workflow: tours
variables: { rounds: 0 }
activities:
  - name: plan
  - name: each_guest
    foreach:
      items: "\${input.guests}"
      item: guest
      concurrency: 2
      on_error: collect
      steps:
        - name: seat
          input: { guest: "\${guest}", place: "\${index}" }
        - name: meal
          switch:
            - when: "\${guest == 'Ann'}"
              steps: [{ name: vegetables }]
            - else: [{ name: soup, set: { variables: { soup: "\${guest}" } } }]
      collect: "\${guest}"
    fallback: { activity: skip }
  - name: race
    parallel:
      join: first
      branches:
        bus: [{ name: by_bus }]
        walk: [{ name: rest, wait: { for: 1h } }]
  - name: rounds
    while:
      condition: "\${workflow.rounds < 2}"
      steps:
        - name: round
          set: { variables: { rounds: "\${workflow.rounds + 1}" } }
  - name: again
    when: "\${!has(workflow.once)}"
    set: { variables: { once: true } }
    next: plan
  - name: pay
compensation: {}
compensation_activities:
  seat: { activity: stand_up, params: { guest: "\${guest}" } }
error_handling: { workflow_error: { strategy: compensate } }
`;

const tours = (clock: HandClock): Readonly<Record<string, Run>> => ({
  plan: takes(clock, 10, null),
  seat: (ctx, input) =>
    (input as { guest: string }).guest === 'Bob'
      ? fails(clock, 20, 'NoSeat')(ctx, input)
      : takes(clock, 20, { row: 3 })(ctx, input),
  vegetables: takes(clock, 30, 'eaten'),
  by_bus: takes(clock, 40, null),
  pay: fails(clock, 50, 'Declined'),
  stand_up: takes(clock, 5, null),
});

/** Steps in steps, in each way that there is. */
export const TOURS: readonly Scenario[] = [
  {
    name: 'steps-in-steps',
    yaml: YAML,
    input: { guests: ['Ann', 'Bob', 'Cy'] },
    activities: tours,
    play: ({ end, id }) => end(id),
  },
  {
    name: 'waiting-in-a-branch',
    yaml: YAML,
    input: { guests: ['Cy'] },
    activities: (clock) => ({ ...tours(clock), by_bus: never }),
    play: ({ happened }) => happened('timer.scheduled', 'race[walk].rest 1'),
  },
];
