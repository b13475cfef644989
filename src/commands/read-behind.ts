import type { RecordedEvent } from '../domain/event.ts';
import type { EventLog } from '../ports/event-log.ts';

/** Events that are read at a time, from the last one back. */
const PAGE = 50;

/** The last events of a stream: those behind a position are among them, and the last one wherever it is. */
export const readBehind = async (
  log: Pick<EventLog, 'head' | 'read'>,
  stream: string,
  position: bigint,
): Promise<readonly RecordedEvent[]> => {
  const head = await log.head(stream);
  if (head === undefined) return [];
  let from = Math.max(0, head.revision + 1 - PAGE);
  let events = await log.read(stream, { from, limit: head.revision + 1 - from });
  while (from > 0 && (events[0]?.position ?? 0n) > position) {
    const to = from;
    from = Math.max(0, to - PAGE);
    events = [...(await log.read(stream, { from, limit: to - from })), ...events];
  }
  return events;
};
