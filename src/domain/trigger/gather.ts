import type { Gathering } from '../definition/gathering.ts';
import { gatheredIdOf } from '../uuid.ts';
import type { GatheringEvent, TriggerGathered, TriggerReleased } from './events.ts';

/** What is gathered of a key and has not started anything yet. */
export type Gathered = Omit<TriggerGathered['facts'], 'event'>;

/** An event that is to be gathered. */
export interface ToGather {
  readonly workflow: string;
  readonly key: string;
  readonly definition: string;
  /** Its id. */
  readonly event: string;
  /** What its payload takes. */
  readonly bytes: number;
  readonly gathering: Gathering;
}

/** What is open behind the last event of a gathering's stream; `undefined` when nothing is. */
export const openAfter = (event: GatheringEvent | undefined): Gathered | undefined =>
  event?.type === 'trigger.gathered' ? event.facts : undefined;

/**
 * What follows from an event at a time (ms since the Unix epoch), in a stream whose next event is of that revision; its
 * payloads take `most` bytes at most together.
 */
export const gather = (
  open: Gathered | undefined,
  { event, gathering, bytes, ...asked }: ToGather,
  { now, revision, most }: { readonly now: number; readonly revision: number; readonly most: number },
): readonly GatheringEvent[] => {
  const { kind } = gathering;
  const reason = open && endOf(open, { kind, bytes, now, most });
  const before = open !== undefined && reason !== undefined ? [release(open, reason)] : [];
  const joined = reason === undefined ? open : undefined;
  const since = joined?.since ?? now;
  const all: Gathered = {
    ...asked,
    kind,
    from: joined?.from ?? revision + before.length,
    count: (joined?.count ?? 0) + 1,
    bytes: (joined?.bytes ?? 0) + bytes,
    since,
    dueAt: dueAt(gathering, since, now),
  };
  const isFull = gathering.kind === 'batch' && all.count >= gathering.size;
  const facts = { ...all, event };
  return [...before, { type: 'trigger.gathered', facts }, ...(isFull ? [release(all, 'full')] : [])];
};

/** What was gathered starts its execution, the same whoever says so. */
export const release = (
  { workflow, key, definition, from, count }: Gathered,
  reason: TriggerReleased['facts']['reason'],
): TriggerReleased => {
  const execution = gatheredIdOf(workflow, key, from);
  return { type: 'trigger.released', facts: { workflow, key, definition, from, count, execution, reason } };
};

/** Why no more is gathered with what is there. */
const endOf = (
  open: Gathered,
  {
    kind,
    bytes,
    now,
    most,
  }: Pick<Gathered, 'kind' | 'bytes'> & { readonly now: number; readonly most: number },
): TriggerReleased['facts']['reason'] | undefined => {
  if (now >= open.dueAt) return 'due';
  if (open.kind !== kind) return 'changed';
  return kind === 'batch' && open.bytes + bytes > most ? 'large' : undefined;
};

const dueAt = (gathering: Gathering, since: number, now: number): number => {
  if (gathering.kind === 'batch') return since + gathering.timeout;
  const { quiet, max } = gathering;
  return max === undefined ? now + quiet : Math.min(now + quiet, since + max);
};
