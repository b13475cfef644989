import { Rejection } from '../../domain/rejection.ts';
import type { RetentionEvent } from '../../domain/retention/events.ts';
import { evolveRetention, NOTHING_REMOVED, type RetentionState } from '../../domain/retention/state.ts';
import { streamOf } from '../../domain/stream.ts';
import type { Caller } from '../../commands/caller.ts';
import type { EventLog } from '../../ports/event-log.ts';
import { openFenced, readFolded, type FencedStream, type FoldedStream, type Known } from './fenced-stream.ts';
import type { RetentionParts } from './parts.ts';

const removalsOf = (workflow: string): FoldedStream<RetentionState, RetentionEvent> => ({
  stream: streamOf('retention', workflow),
  initial: NOTHING_REMOVED,
  evolve: evolveRetention,
});

/** What was removed of a workflow. Rejects as the log does. */
export const readRetention = (
  log: Pick<EventLog, 'read'>,
  workflow: string,
): Promise<Known<RetentionState>> => readFolded(log, removalsOf(workflow));

/** The stream of a workflow's removals, written by one alone: whoever comes between is told so. */
export type RetentionLog = FencedStream<RetentionState, RetentionEvent>;

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
  openFenced(parts, removalsOf(workflow), caller, () => retentionUnderWay(workflow));
