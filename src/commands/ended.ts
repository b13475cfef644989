import type { RecordedEvent } from '../domain/event.ts';
import { isEnd, leavesEnd } from '../domain/execution/lifecycle.ts';
import { streamOf } from '../domain/stream.ts';
import { START, type EventLog } from '../ports/event-log.ts';

/** The last event of an execution but for what somebody did that leaves one that has failed as it is. */
const lastOf = async (
  log: Pick<EventLog, 'head' | 'read'>,
  stream: string,
): Promise<RecordedEvent | undefined> => {
  const head = await log.head(stream);
  if (head === undefined) return undefined;
  for (let from = head.revision; ; from -= 1) {
    const [last] = await log.read(stream, { from, limit: 1 });
    if (last === undefined || !leavesEnd(last)) return last;
  }
};

/** Whether an execution has ended, by the last event of its stream. Rejects with `LogUnavailable`. */
export const hasEnded = async (log: Pick<EventLog, 'head' | 'read'>, id: string): Promise<boolean> =>
  isEnd((await lastOf(log, streamOf('execution', id)))?.type ?? '');

/** Resolves with true once an execution has ended, on whichever node, and with false when nobody waits any more. */
export const whenEnded = async (
  log: Pick<EventLog, 'head' | 'read' | 'subscribe'>,
  id: string,
  over: AbortSignal,
): Promise<boolean> => {
  const stream = streamOf('execution', id);
  const last = await lastOf(log, stream);
  if (isEnd(last?.type ?? '')) return !over.aborted;
  const after = last?.position ?? START;
  for await (const { events } of log.subscribe({ after, filter: { stream }, signal: over }))
    if (events.some(({ type }) => isEnd(type))) return !over.aborted;
  return false;
};
