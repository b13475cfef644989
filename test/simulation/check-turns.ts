import type { RecordedEvent } from '../../src/domain/event.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { categoryOf, entityOf } from '../../src/domain/stream.ts';
import type { World } from './world.ts';

interface Waiting {
  readonly name: string;
  readonly lane: string;
  readonly priority: number;
  /** When it came. */
  readonly nth: number;
}

/** What lets only so many in, as somebody would who had to do it by hand. */
interface Hand {
  waiting: Waiting[];
  readonly inside: Map<string, string>;
  /** When a lane was last given a turn, or began to wait for one. */
  readonly turns: Map<string, number>;
}

const nameOf = (executionId: unknown, step: unknown, attempt: unknown): string =>
  JSON.stringify([executionId, step, attempt]);

/** Of the lanes that may have one more, the one that had its turn longest ago; in it the most urgent, and of those the first. */
const nextOf = ({ waiting, inside, turns }: Hand, perLane: number): Waiting | undefined => {
  const countOf = (lane: string): number => [...inside.values()].filter((other) => other === lane).length;
  const may = waiting.filter(({ lane }) => countOf(lane) < perLane);
  return may.toSorted(
    (one, other) =>
      (turns.get(one.lane) ?? 0) - (turns.get(other.lane) ?? 0) ||
      other.priority - one.priority ||
      one.nth - other.nth,
  )[0];
};

const letIn = (hand: Hand, nth: number, { limit, perLane = Infinity }: JsonObject): void => {
  for (;;) {
    const next = hand.inside.size < Number(limit) ? nextOf(hand, Number(perLane)) : undefined;
    if (next === undefined) return;
    hand.waiting = hand.waiting.filter((other) => other !== next);
    hand.inside.set(next.name, next.lane);
    hand.turns.set(next.lane, nth + 0.5 + hand.inside.size / 1e6);
    nth += 1e-3;
  }
};

const take = (hand: Hand, nth: number, { type, facts }: RecordedEvent, limits: JsonObject): void => {
  const name = nameOf(facts['executionId'], facts['step'], facts['attempt']);
  if (type === 'limiter.requested') {
    const lane = (facts['lane'] ?? '') as string;
    if (!hand.waiting.some((other) => other.lane === lane)) hand.turns.set(lane, nth);
    hand.waiting.push({ name, lane, priority: Number(facts['priority'] ?? 0), nth });
  } else {
    hand.inside.delete(name);
    hand.waiting = hand.waiting.filter((other) => other.name !== name);
  }
  letIn(hand, nth, limits);
};

/** Whoever is let in was, by then, the one whose turn it was, and no more were than may be. */
export const checkTurns = ({ log, broken }: World): void => {
  const hands = new Map<string, Hand>();
  const limits = new Map<string, JsonObject>();
  const urgency = new Map<string, unknown>();
  for (const [nth, event] of log.events.entries()) {
    const { type, stream, facts } = event;
    if (categoryOf(stream) === 'limiter' && type !== 'limiter.compacted') {
      const key = decodeURIComponent(entityOf(stream));
      const hand = hands.get(key) ?? { waiting: [], inside: new Map(), turns: new Map() };
      hands.set(key, hand);
      const said = type === 'limiter.requested' ? (facts as JsonObject) : (limits.get(key) ?? {});
      limits.set(key, said);
      take(hand, nth, event, said);
      const name = nameOf(facts['executionId'], facts['step'], facts['attempt']);
      const isOfWorkflow = key.startsWith('max_');
      if (type === 'limiter.requested' && isOfWorkflow && facts['priority'] !== urgency.get(name))
        broken('who waits is as urgent as it says', { key, facts, urgency: urgency.get(name) });
    }
    if (type === 'execution.requested' || type === 'step.requested') {
      const { step = '', attempt = facts['request'] } = facts;
      urgency.set(nameOf(entityOf(stream), step, attempt), facts['priority']);
    }
    if (type !== 'step.admitted' && type !== 'execution.admitted') continue;
    const gate = `${facts['gate'] as string}:${facts['key'] as string}`;
    const hand = hands.get(gate);
    const { step = '', attempt = facts['request'] } = facts;
    const name = nameOf(entityOf(stream), step, attempt);
    if (hand !== undefined && !hand.inside.has(name))
      broken('who is let in is the one whose turn it was', { gate, name, waiting: hand.waiting });
  }
};
