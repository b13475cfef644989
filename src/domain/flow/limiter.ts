import type { AttemptId } from './breaker-events.ts';
import { isSameAttempt } from './breaker.ts';
import type { LimiterEvent, ToldPlace } from './limiter-events.ts';

/** Somebody who was let in or waits, and since when, ms since the Unix epoch. */
export interface Place extends AttemptId {
  readonly at: number;
  /** Who has more goes before those with less; of equals the one that came first. */
  readonly priority: number;
  /** Lanes take turns; '' where there is only one. */
  readonly lane: string;
}

/** Those of a lane that wait, the next one first. */
export interface Lane {
  readonly lane: string;
  readonly places: readonly Place[];
}

/** What lets only so many in at once. */
export interface Limiter {
  readonly limit: number;
  /** How many of one lane are let in at once. */
  readonly perLane: number;
  /** Those that were let in, in this order. */
  readonly inside: readonly Place[];
  /** Lanes in which somebody waits, the one whose turn is next first. */
  readonly lanes: readonly Lane[];
  /** Revision of the event that this was folded from first. */
  readonly since: number;
}

/** A limiter before its first event. */
export const UNUSED: Limiter = Object.freeze({
  limit: 0,
  perLane: Infinity,
  inside: Object.freeze([]),
  lanes: Object.freeze([]),
  since: 0,
});

/** Lets in whoever there is room for. Nobody who is in loses his place, also when the limit is less than it was. */
const letIn = (limiter: Limiter): Limiter => {
  let { inside, lanes } = limiter;
  const isFree = ({ lane }: Lane): boolean =>
    limiter.perLane === Infinity || inside.filter((place) => place.lane === lane).length < limiter.perLane;
  while (inside.length < limiter.limit) {
    const next = lanes.find(isFree);
    const [first, ...places] = next?.places ?? [];
    if (next === undefined || first === undefined) break;
    inside = [...inside, first];
    lanes = lanes.filter((lane) => lane !== next);
    // Whoever had its turn is last in line for the next.
    if (places.length > 0) lanes = [...lanes, { lane: next.lane, places }];
  }
  return { ...limiter, inside, lanes };
};

/** With one more that waits: behind those of its lane that are as urgent. */
const withWaiting = (lanes: readonly Lane[], place: Place): readonly Lane[] => {
  const { lane, priority } = place;
  const known = lanes.find((other) => other.lane === lane);
  if (known === undefined) return [...lanes, { lane, places: [place] }];
  const at = known.places.findLastIndex((other) => other.priority >= priority) + 1;
  const places = known.places.toSpliced(at, 0, place);
  return lanes.map((other) => (other === known ? { lane, places } : other));
};

const without = (limiter: Limiter, attempt: AttemptId): Limiter => {
  const others = (places: readonly Place[]): readonly Place[] =>
    places.filter((place) => !isSameAttempt(place, attempt));
  const inside = others(limiter.inside);
  if (inside.length < limiter.inside.length) return { ...limiter, inside };
  const lanes = limiter.lanes
    .map((lane) => ({ ...lane, places: others(lane.places) }))
    .filter(({ places }) => places.length > 0);
  return { ...limiter, lanes };
};

const placeOf = ({ executionId, step, attempt, at, priority = '0', lane = '' }: ToldPlace): Place => ({
  executionId,
  step,
  attempt: Number(attempt),
  at: Number(at),
  priority: Number(priority),
  lane,
});

/** The limiter after an event. */
export const evolveLimiter = (limiter: Limiter, { type, facts }: LimiterEvent): Limiter => {
  const { since } = facts;
  switch (type) {
    case 'limiter.requested': {
      const { executionId, step, attempt, at, limit, perLane = Infinity, priority = 0, lane = '' } = facts;
      const place = { executionId, step, attempt, at, priority, lane };
      return letIn({ ...limiter, limit, perLane, since, lanes: withWaiting(limiter.lanes, place) });
    }
    case 'limiter.released':
      return letIn({ ...without(limiter, facts), since });
    case 'limiter.compacted': {
      const { limit, perLane = Infinity } = facts;
      const places = facts.places.map(placeOf);
      const count = facts.inside ?? Math.min(limit, places.length);
      const grouped = Map.groupBy(places.slice(count), ({ lane }) => lane);
      const lanes = [...grouped].map(([lane, waiting]) => ({ lane, places: waiting }));
      return { limit, perLane, since, inside: places.slice(0, count), lanes };
    }
    default:
      return type satisfies never;
  }
};

/** How many are to be let in before this one, and itself: one of each lane in turn. */
const positionIn = (lanes: readonly Lane[], own: number, index: number): number =>
  lanes.reduce((sum, { places }, n) => sum + Math.min(places.length, n <= own ? index + 1 : index), 0);

/** How an attempt stands: let in, as one of so many, or waiting at a position from 1; `undefined` when it has not asked. */
export const standingOf = (
  { inside, lanes }: Limiter,
  attempt: AttemptId,
): { readonly isIn: boolean; readonly position: number; readonly at: number } | undefined => {
  const isIt = (place: Place): boolean => isSameAttempt(place, attempt);
  const index = inside.findIndex(isIt);
  const known = inside[index];
  if (known !== undefined) return { isIn: true, position: index + 1, at: known.at };
  for (const [own, { places }] of lanes.entries()) {
    const at = places.findIndex(isIt);
    const place = places[at];
    if (place !== undefined) return { isIn: false, position: positionIn(lanes, own, at), at: place.at };
  }
  return undefined;
};

/** How many wait. */
export const waitingIn = ({ lanes }: Limiter): number =>
  lanes.reduce((sum, { places }) => sum + places.length, 0);

/** All that were let in or wait, the next one first. */
export const placesIn = ({ inside, lanes }: Limiter): readonly Place[] => [
  ...inside,
  ...lanes.flatMap(({ places }) => places),
];

/** How many are let in at once, of a lane too, and how many may wait; without `queue` any number. */
export interface LimiterPolicy {
  readonly limit: number;
  readonly perLane?: number;
  readonly queue?: number;
}

/** An attempt that asks. */
export interface Asking extends AttemptId {
  readonly key: string;
  readonly workflow: string;
  readonly priority?: number;
  readonly lane?: string;
}

/** Events after which all places are told anew, as long as they have room in one event. */
const MOST = 256;
const ROOM = 1_000;

const toldOf = ({ executionId, step, attempt, at, priority, lane }: Place): ToldPlace => ({
  executionId,
  step,
  attempt: String(attempt),
  at: String(at),
  ...(priority === 0 ? {} : { priority: String(priority) }),
  ...(lane === '' ? {} : { lane }),
});

/** Behind the event at `next`, which is the limiter's next one: from where on its events are read. */
const startOf = (limiter: Limiter, key: string, next: number): { since: number; events: LimiterEvent[] } => {
  const { since, limit, perLane, inside } = limiter;
  const count = inside.length + waitingIn(limiter);
  if (count === 0) return { since: next, events: [] };
  if (next - since < Math.max(MOST, count) || count > ROOM) return { since, events: [] };
  const told = placesIn(limiter).map(toldOf);
  const facts = { key, since: next, limit, places: told, inside: inside.length };
  return {
    since: next,
    events: [{ type: 'limiter.compacted', facts: perLane === Infinity ? facts : { ...facts, perLane } }],
  };
};

/** Asks for a place; nothing when there is none even to wait at, or when it has asked before. */
export const decideRequest = (
  limiter: Limiter,
  { key, workflow, executionId, step, attempt, priority, lane }: Asking,
  { limit, perLane, queue = Infinity }: LimiterPolicy,
  now: number,
  next: number,
): readonly LimiterEvent[] => {
  const id = { executionId, step, attempt };
  if (standingOf(limiter, id) !== undefined) return [];
  if (limiter.inside.length + waitingIn(limiter) >= limit + queue) return [];
  const { since, events } = startOf(limiter, key, next);
  const facts = {
    key,
    since,
    ...id,
    workflow,
    limit,
    at: now,
    ...(perLane === undefined ? {} : { perLane }),
    ...(priority === undefined ? {} : { priority }),
    ...(lane === undefined ? {} : { lane }),
  };
  return [...events, { type: 'limiter.requested', facts }];
};

/** Gives a place back, or up; nothing when there is none. */
export const decideRelease = (
  limiter: Limiter,
  key: string,
  { executionId, step, attempt }: AttemptId,
  next: number,
): readonly LimiterEvent[] => {
  const id = { executionId, step, attempt };
  if (standingOf(limiter, id) === undefined) return [];
  const { since, events } = startOf(limiter, key, next);
  return [...events, { type: 'limiter.released', facts: { key, since, ...id } }];
};
