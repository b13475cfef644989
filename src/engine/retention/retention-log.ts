import { NO_STREAM } from '../../domain/chain.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import { current } from '../../domain/registry.ts';
import { Rejection } from '../../domain/rejection.ts';
import type { RetentionEvent } from '../../domain/retention/events.ts';
import {
  evolveProgress,
  evolveRetention,
  NOTHING_BEGUN,
  NOTHING_REMOVED,
  type RetentionFacts,
  type RetentionProgress,
  type RetentionState,
} from '../../domain/retention/state.ts';
import { streamOf } from '../../domain/stream.ts';
import type { Caller } from '../../commands/caller.ts';
import type { EventLog } from '../../ports/event-log.ts';
import { happenedOf, openFenced, type FencedStream, type FoldedStream, type Known } from './fenced-stream.ts';
import { followStream, type Followed, type Following } from './followed-stream.ts';
import type { RetentionParts } from './parts.ts';

type Reading = Pick<EventLog, 'head' | 'read'>;

/** So many events are read at a time: each that says which were removed is of hundreds. */
const FEW = 8;

const progressOf = (workflow: string): FoldedStream<RetentionProgress, RetentionEvent> => ({
  stream: streamOf('retention', workflow),
  initial: NOTHING_BEGUN,
  evolve: evolveProgress,
});

/** How far removing has got, as the end of the stream tells: what was before the last choice makes no difference. */
const readProgress = async (log: Reading, workflow: string): Promise<Known<RetentionProgress>> => {
  const { stream, initial, evolve } = progressOf(workflow);
  let tail: readonly RecordedEvent[] = [];
  for (let end = ((await log.head(stream))?.revision ?? -1) + 1; end > 0;) {
    const from = Math.max(0, end - FEW);
    const page = await log.read(stream, { from, limit: end - from });
    const chosen = page.findLastIndex(({ type }) => type === 'retention.chosen');
    tail = [...page.slice(Math.max(0, chosen)), ...tail];
    end = chosen === -1 ? from : 0;
  }
  const last = tail.at(-1);
  const state = tail.reduce(
    (known, event) => evolve(known, happenedOf(event) as RetentionEvent, event.commit.metadata.at),
    initial,
  );
  return {
    state,
    head: last === undefined ? NO_STREAM : { revision: last.revision, hash: last.commit.hash },
  };
};

/** Answers what was removed of a workflow. Rejects as the log does. */
export type Retained = (workflow: string) => Promise<RetentionState>;

const REMOVED: Following<RetentionState> = {
  initial: NOTHING_REMOVED,
  fold: (state, event) => evolveRetention(state, current(event) as RetentionFacts, event.commit.metadata.at),
  size: FEW,
};

/** What was removed is read of a workflow once, in small pieces, and then only what has come since. */
export const createRetained = (log: Pick<EventLog, 'read'>): Retained => {
  const followed = new Map<string, Followed<RetentionState>>();
  return (workflow) => {
    const known = followed.get(workflow) ?? followStream(log, streamOf('retention', workflow), REMOVED);
    followed.set(workflow, known);
    return known();
  };
};

/** The stream of a workflow's removals, written by one alone: whoever comes between is told so. */
export type RetentionLog = FencedStream<RetentionProgress, RetentionEvent>;

/** Where several nodes remove at once, the one that began last goes on. */
export const retentionUnderWay = (workflow: string): Rejection =>
  new Rejection(
    'RETENTION_UNDER_WAY',
    `Expected nobody else to remove executions of "${workflow}", but somebody does.`,
    { field: 'workflow', found: workflow },
  );

/** Opens the stream of a workflow; appending rejects with `RETENTION_UNDER_WAY` when another node has written to it. Rejects as the log does. */
export const openRetentionLog = (
  parts: RetentionParts,
  workflow: string,
  caller: Caller,
): Promise<RetentionLog> =>
  openFenced(
    parts,
    progressOf(workflow),
    caller,
    () => retentionUnderWay(workflow),
    () => readProgress(parts.log, workflow),
  );
