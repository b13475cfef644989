import { dayOf } from '../../src/projections/day.ts';
import { registered, stepCompleted, WORKFLOW } from '../projections/samples.ts';
import { happened, type Happened } from '../spec/given.ts';
import { at, completedOf, failedOf } from './queries.ts';

/** Two years in Paris, to which both changes of the clock belong, each twice. */
export const TWO_YEARS = { from: at('2024-01-01T00:00:00+01:00'), to: at('2026-01-01T00:00:00+01:00') };

export const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Days that are not of 24 hours, with how many they have. */
export const CHANGES = [
  ['2024-03-31', 23],
  ['2024-10-27', 25],
  ['2025-03-30', 23],
  ['2025-10-26', 25],
] as const;

/** Noon of a date in Paris, whichever time it has then. */
export const noonOf = (date: string): number => at(`${date}T11:00:00Z`);

const ending = (id: string, version: number, time: number, ...events: Happened['events']): Happened => ({
  ...happened(`execution-${id}`, time, ...events),
  definition: `sha256:${version}`,
});

/** Durations with a heavy tail (Pareto), always the same ones. */
const heavyTail = (many: number): readonly number[] => {
  let seed = 42;
  return Array.from({ length: many }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.ceil(20 / (1 - seed / 2_147_483_648) ** (1 / 1.2));
  });
};

/** Quarters of an hour in which something ended. */
const MOMENTS = 500;

/** How long it took, of which the first of each three was done by version 1 and so on; the third failed. */
export const TOOK = heavyTail(3 * MOMENTS);

const spread = (): readonly Happened[] => {
  const begin = TWO_YEARS.from + DAY;
  return Array.from({ length: MOMENTS }, (_, n) => {
    const time = begin + Math.floor((n * 729) / MOMENTS) * DAY + 7 * HOUR + (n % 4) * 900_000;
    const [one = 0, other = 0, third = 0] = TOOK.slice(3 * n);
    return [
      ending(`a${n}`, 1, time, stepCompleted('pay', one), completedOf(WORKFLOW, time, one)),
      ending(`b${n}`, 2, time, completedOf(WORKFLOW, time, other)),
      ending(`c${n}`, 3, time, failedOf(WORKFLOW, time, third)),
    ];
  }).flat();
};

const onChanges = (): readonly number[] =>
  CHANGES.flatMap(([date]) => {
    const { from, to } = dayOf('Europe/Paris', noonOf(date));
    // The last moment before the day, each of its hours, and the first moment behind it.
    return [from - 1, ...Array.from({ length: (to - from) / HOUR }, (_, n) => from + n * HOUR), to];
  });

/** A workflow of which one execution ended at each hour of those days, and right beside them. */
export const SEASONS = 'seasons';

/** One of which some ended at the very beginning and the very end of two years, and right beside those. */
export const EDGES = 'edges';

const known = (workflow: string): Happened => {
  const event = registered(1);
  return happened(`workflow-${workflow}`, 0, { ...event, facts: { ...event.facts, workflow } });
};

/** Two years, in which 1,500 executions of a workflow ended; and two workflows that have little to tell. */
export const twoYears = (): readonly Happened[] => [
  happened(`workflow-${WORKFLOW}`, 0, registered(1), registered(2), registered(3)),
  known(SEASONS),
  known(EDGES),
  ...spread(),
  ...onChanges().map((time, n) => ending(`d${n}`, 1, time, completedOf(SEASONS, time, 5))),
  ...[TWO_YEARS.from - 1, TWO_YEARS.from, TWO_YEARS.to - 1, TWO_YEARS.to].map((time, n) =>
    ending(`e${n}`, 1, time, completedOf(EDGES, time, 10 ** n)),
  ),
];
