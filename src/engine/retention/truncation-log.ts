import { Rejection } from '../../domain/rejection.ts';
import type { TruncationEvent } from '../../domain/truncation/events.ts';
import { evolveTruncations, NOTHING_TRUNCATED, type TruncationState } from '../../domain/truncation/state.ts';
import { TRUNCATIONS } from '../../domain/truncation/streams.ts';
import type { Caller } from '../../commands/caller.ts';
import type { EventLog } from '../../ports/event-log.ts';
import { happenedOf, openFenced, type FencedStream, type FoldedStream } from './fenced-stream.ts';
import { followStream, type Followed } from './followed-stream.ts';
import type { RetentionParts } from './parts.ts';

const BATCHES: FoldedStream<TruncationState, TruncationEvent> = {
  stream: TRUNCATIONS,
  initial: NOTHING_TRUNCATED,
  evolve: evolveTruncations,
};

/** So many events are read at a time: each is a few numbers. */
const PAGE = 1_000;

/** What was truncated is read once, and then only what has come since. */
export const followTruncations = (log: Pick<EventLog, 'read'>): Followed<TruncationState> =>
  followStream(log, TRUNCATIONS, {
    initial: NOTHING_TRUNCATED,
    fold: (state, event) => evolveTruncations(state, happenedOf(event) as TruncationEvent),
    size: PAGE,
  });

/** The stream of all truncations, written by one alone. */
export type TruncationLog = FencedStream<TruncationState, TruncationEvent>;

/** Where several nodes truncate at once, the one that began last goes on. */
export const truncationUnderWay = (): Rejection =>
  new Rejection('TRUNCATION_UNDER_WAY', 'Expected nobody else to truncate streams, but somebody does.');

/** Opens the stream of truncations; appending rejects with `TRUNCATION_UNDER_WAY` when another node has written to it. Rejects as the log does. */
export const openTruncationLog = (parts: RetentionParts, caller: Caller): Promise<TruncationLog> =>
  openFenced(parts, BATCHES, caller, truncationUnderWay);
