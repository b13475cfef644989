import { headAfter, NO_STREAM, seal, type StreamHead } from '../../domain/chain.ts';
import { Rejection } from '../../domain/rejection.ts';
import { current } from '../../domain/registry.ts';
import type { RetentionEvent } from '../../domain/retention/events.ts';
import { evolveRetention, NOTHING_REMOVED, type RetentionState } from '../../domain/retention/state.ts';
import { streamOf } from '../../domain/stream.ts';
import { appendWhole, whenAvailable } from '../../commands/append.ts';
import type { Caller } from '../../commands/caller.ts';
import { WrongExpectedRevision, type EventLog } from '../../ports/event-log.ts';
import { readStream } from '../../ports/read-stream.ts';
import type { RetentionParts } from './parts.ts';

/** What was removed of a workflow, as its stream says, and where that ends. */
export interface KnownRetention {
  readonly state: RetentionState;
  readonly head: StreamHead;
}

/** What was removed of a workflow. Rejects as the log does. */
export const readRetention = async (
  log: Pick<EventLog, 'read'>,
  workflow: string,
): Promise<KnownRetention> => {
  let state = NOTHING_REMOVED;
  let head = NO_STREAM;
  for await (const page of readStream(log, streamOf('retention', workflow)))
    for (const event of page) {
      const { type, facts, payload } = current(event);
      const happened = { type, facts, ...(payload === undefined ? {} : { payload: JSON.parse(payload) }) };
      state = evolveRetention(state, happened as RetentionEvent, event.commit.metadata.at);
      head = { revision: event.revision, hash: event.commit.hash };
    }
  return { state, head };
};

/** The stream of a workflow's removals, written by one alone: whoever comes between is told so. */
export interface RetentionLog {
  readonly state: RetentionState;
  /** Rejects with `RETENTION_UNDER_WAY` when another node has written to it, and as the log does. */
  append(event: RetentionEvent): Promise<void>;
}

/** Where several nodes remove at once, the one that began last goes on. */
export const retentionUnderWay = (workflow: string): Rejection =>
  new Rejection(
    'RETENTION_UNDER_WAY',
    `Expected nobody else to remove executions of "${workflow}", but somebody does.`,
    { field: 'workflow', found: workflow },
  );

/** Opens the stream of a workflow. Rejects as the log does. */
export const openRetentionLog = async (
  { log, world, envelopes, over }: RetentionParts,
  workflow: string,
  caller: Caller,
): Promise<RetentionLog> => {
  const known = await whenAvailable(world.clock, over, () => readRetention(log, workflow));
  let { state, head } = known;
  return {
    get state() {
      return state;
    },
    append: async (event) => {
      const metadata = envelopes.open(workflow, caller, caller.tenant, world.clock.now());
      const commit = seal(streamOf('retention', workflow), head, [event], metadata);
      try {
        await appendWhole(log, world.clock, commit, over);
      } catch (error) {
        throw error instanceof WrongExpectedRevision ? retentionUnderWay(workflow) : error;
      }
      head = headAfter(commit);
      state = evolveRetention(state, event, metadata.at);
    },
  };
};
