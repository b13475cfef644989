import type { RecordedEvent } from '../../domain/event.ts';
import { isEnd, leavesEnd } from '../../domain/execution/lifecycle.ts';
import type { ChosenExecution } from '../../domain/retention/events.ts';
import { streamOf } from '../../domain/stream.ts';
import type { EventLog } from '../../ports/event-log.ts';

const STATUS: Readonly<Record<string, ChosenExecution['status']>> = {
  'execution.completed': 'completed',
  'execution.failed': 'failed',
  'execution.cancelled': 'cancelled',
  'saga.compensated': 'compensated',
};

/**
 * Where the stream of an execution stands that has ended, and can be removed; `undefined` when it has not, when it was
 * removed, when it ended, or came back from an archive, at `before` (ms since the Unix epoch) or later, or when something
 * stands behind `floor`. Rejects as the log does.
 */
export const readEnded = async (
  log: Pick<EventLog, 'head' | 'read'>,
  id: string,
  before: number,
  floor: bigint,
): Promise<ChosenExecution | undefined> => {
  const stream = streamOf('execution', id);
  const head = await log.head(stream);
  if (head === undefined) return undefined;
  let last: RecordedEvent | undefined;
  let isBack = false;
  for (let from = head.revision; from >= 0; from -= 1) {
    const [event] = await log.read(stream, { from, limit: 1 });
    if (event === undefined) return undefined;
    if (event.type === 'execution.removed' && !isBack) return undefined;
    if (event.type === 'execution.restored') {
      if (event.commit.metadata.at >= before) return undefined;
      isBack = true;
    }
    last ??= event;
    if (leavesEnd(event)) continue;
    const status = STATUS[event.type];
    const { startedAt, duration } = event.facts as { readonly startedAt: number; readonly duration: number };
    const endedAt = startedAt + duration;
    if (!isEnd(event.type) || status === undefined || endedAt >= before) return undefined;
    if (last.position > floor) return undefined;
    const { tenant, definition } = last.commit.metadata;
    const pinned = definition === undefined ? {} : { definition };
    return { id, ...head, status, endedAt, tenant, ...pinned };
  }
  return undefined;
};
