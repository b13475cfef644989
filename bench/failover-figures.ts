import type { RecordedEvent } from '../src/domain/event.ts';
import { percentiles } from './figures.ts';

/** Everything that the log holds of executions that were accepted, by id. */
export type Histories = ReadonlyMap<string, readonly RecordedEvent[]>;

/** What was seen of a cluster of which a node was killed. */
export interface Watched {
  readonly histories: Histories;
  /** Events that the log told of while they happened. */
  readonly seen: readonly RecordedEvent[];
  /** Calls of activities, each `<execution> <step> <attempt>`. */
  readonly calls: readonly string[];
  readonly killed: string;
  readonly killedAt: number;
}

// The one that its author did not say may be repeated.
const ONCE = 'third';

/**
 * Milliseconds from the death of a node to the next event of each execution that it was the last to write to,
 * as another node dated it.
 */
const gapsOf = ({ histories, killed, killedAt }: Watched): readonly number[] => {
  const gaps: number[] = [];
  for (const events of histories.values()) {
    const next = events.find(
      ({ commit }) => commit.metadata.at >= killedAt && commit.metadata.node !== killed,
    );
    const before = events.findLast(
      ({ commit }) => next === undefined || commit.revision < next.commit.revision,
    );
    if (next !== undefined && before?.commit.metadata.node === killed)
      gaps.push(next.commit.metadata.at - killedAt);
  }
  return gaps;
};

/** Events that somebody was told of, or that an answer promised, and that the log does not hold. */
const lostOf = ({ histories, seen }: Watched): number => {
  const held = new Set([...histories.values()].flatMap((events) => events.map(({ id }) => id)));
  const unbegun = [...histories.values()].filter((events) => events[0]?.type !== 'execution.started').length;
  return unbegun + seen.filter(({ id }) => !held.has(id)).length;
};

/** Calls with an idempotency key that was not to be used again: the same attempt twice, or a step that is not repeated. */
const doubledOf = (calls: readonly string[]): number => {
  const ofOnce = calls.filter((call) => call.split(' ')[1] === ONCE).map((call) => call.split(' ')[0]);
  return calls.length - new Set(calls).size + (ofOnce.length - new Set(ofOnce).size);
};

/** What the death of a node came to. */
export const measureFailover = (watched: Watched) => {
  const gaps = gapsOf(watched);
  const events = [...watched.histories.values()].flat();
  return {
    withoutProgress: { executions: gaps.length, ...percentiles(gaps), most: Math.max(0, ...gaps) },
    events: events.length,
    calls: watched.calls.length,
    eventsLost: lostOf(watched),
    effectsDoubled: doubledOf(watched.calls),
    interrupted: events.filter(({ facts }) => facts['errorType'] === 'Interrupted').length,
  };
};
