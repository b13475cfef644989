import type { RecordedEvent } from '../../domain/event.ts';
import { categoryOf } from '../../domain/stream.ts';
import type { EventLog } from '../../ports/event-log.ts';

/** What a node is told of the log, of its own commits too. */
export interface LogFollower {
  partition(event: RecordedEvent): void;
  execution(event: RecordedEvent): void;
  workflow(event: RecordedEvent): void;
  notification(event: RecordedEvent): void;
  schedule(event: RecordedEvent): void;
  gathering(event: RecordedEvent): void;
  /** Told of each of them, and of events from outside, before. */
  any(event: RecordedEvent): void;
}

const FOLLOWED = [
  'partition',
  'execution',
  'workflow',
  'event',
  'schedule',
  'trigger',
  'gathering',
  'notification',
] as const;

/** Tells of everything behind a position, in order, until it is stopped. Rejects when the log is corrupt. */
export const followLog = async (
  log: EventLog,
  after: bigint,
  signal: AbortSignal,
  follower: LogFollower,
): Promise<void> => {
  const tell = (event: RecordedEvent): void => {
    follower.any(event);
    const category = categoryOf(event.stream);
    if (category === 'execution') follower.execution(event);
    else if (category === 'partition') follower.partition(event);
    else if (category === 'workflow') follower.workflow(event);
    else if (category === 'notification') follower.notification(event);
    else if (category === 'schedule') follower.schedule(event);
    else if (category === 'gathering') follower.gathering(event);
  };
  for await (const { events } of log.subscribe({ after, signal, filter: { categories: FOLLOWED } }))
    for (const event of events) tell(event);
};
