import type { RecordedEvent } from '../../domain/event.ts';
import { categoryOf } from '../../domain/stream.ts';
import type { EventLog } from '../../ports/event-log.ts';

/** What a node is told of the log, of its own commits too. */
export interface LogFollower {
  partition(event: RecordedEvent): void;
  execution(event: RecordedEvent): void;
  workflow(event: RecordedEvent): void;
  notification(event: RecordedEvent): void;
  /** Told of each of them, and of events from outside, before. */
  any(event: RecordedEvent): void;
}

/** How far a node has followed the log. */
export interface Following {
  /** Everything up to here was told. */
  readonly position: bigint;
  /** Rejects when the log is corrupt; resolves when it is stopped. */
  readonly ended: Promise<void>;
}

/** Tells of everything behind a position, in order, until it is stopped. */
export const followLog = (
  log: EventLog,
  after: bigint,
  signal: AbortSignal,
  follower: LogFollower,
): Following => {
  let position = after;
  const tell = (event: RecordedEvent): void => {
    follower.any(event);
    const category = categoryOf(event.stream);
    if (category === 'execution') follower.execution(event);
    else if (category === 'partition') follower.partition(event);
    else if (category === 'workflow') follower.workflow(event);
    else if (category === 'notification') follower.notification(event);
  };
  const follow = async (): Promise<void> => {
    const filter = { categories: ['partition', 'execution', 'workflow', 'event', 'notification'] as const };
    for await (const batch of log.subscribe({ after, signal, filter })) {
      for (const event of batch.events) tell(event);
      ({ position } = batch);
    }
  };
  return {
    get position() {
      return position;
    },
    ended: follow(),
  };
};
