import type { Random } from './random.ts';

/** What a node reaches over the network. */
export type Service = 'log' | 'views';

/**
 * What becomes of a request. `lost`: it never arrives. `unanswered`: it is carried out, the answer is lost.
 * `late`: whoever asked has given it up when it is carried out. `twice`: it is carried out once more later.
 */
export type Fate = 'fine' | 'lost' | 'unanswered' | 'late' | 'twice';

/** How the network behaves; the scenario changes it as time goes by. */
export interface Weather {
  /** Share of requests that go wrong. */
  faults: number;
  /** Share of requests that take time, and the most ms that each way may take. */
  slow: number;
  slowest: number;
  /** Services that do not answer at all. */
  readonly away: Set<Service>;
  /** How often a service went away. */
  outages: number;
}

/** The weather as a node feels it. */
export interface Felt extends Readonly<Pick<Weather, 'faults' | 'slow' | 'slowest'>> {
  readonly away: Pick<ReadonlySet<Service>, 'has'>;
}

/** The weather for one that may be cut off from services that others reach. */
export const feltBy = (weather: Weather, cutOff: ReadonlySet<Service>): Felt => ({
  get faults() {
    return weather.faults;
  },
  get slow() {
    return weather.slow;
  },
  get slowest() {
    return weather.slowest;
  },
  away: { has: (service) => weather.away.has(service) || cutOff.has(service) },
});

/** Weather in which nothing goes wrong and nothing takes time. */
export const calm = (): Weather => ({ faults: 0, slow: 0, slowest: 0, away: new Set(), outages: 0 });

/** Draws the weather of a run: calm, slow, rough, or both. */
export const drawWeather = (random: Random): Weather => ({
  faults: random.chance(0.6) ? random.pick([0.02, 0.08, 0.2]) : 0,
  slow: random.chance(0.7) ? random.pick([0.1, 0.5, 1]) : 0,
  slowest: random.pick([2, 20, 200]),
  away: new Set(),
  outages: 0,
});

const WRONG: readonly Fate[] = ['lost', 'unanswered', 'late', 'twice'];

/** What becomes of the next request to a service. */
export const drawFate = ({ faults, away }: Felt, service: Service, random: Random): Fate => {
  if (away.has(service)) return random.pick(['lost', 'lost', 'unanswered', 'late']);
  return random.chance(faults) ? random.pick(WRONG) : 'fine';
};

/** Milliseconds that a request or an answer is under way. */
export const drawDelay = ({ slow, slowest }: Felt, random: Random): number =>
  random.chance(slow) ? random.int(1, slowest) : 0;
