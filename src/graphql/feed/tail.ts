import type { RecordedEvent } from '../../domain/event.ts';
import type { EventLog } from '../../ports/event-log.ts';
import type { FeedFilter } from './filter.ts';
import { createInterests } from './interests.ts';

/** Who follows the end of the log. */
export interface TailMember {
  /** Everything that it wants is offered, and little else. */
  readonly filter: FeedFilter;
  offer(event: RecordedEvent): void;
  /** Nothing more will be offered: the log was closed, or is corrupt. */
  end(error?: unknown): void;
}

/** The end of the log, followed once for any number of members and not at all for none. */
export interface Tail {
  readonly members: number;
  /** Every event after the position that it answers is offered, in order; some before it may be too. */
  join(member: TailMember): Promise<bigint>;
  /** Harmless for who is no member. */
  leave(member: TailMember): void;
}

interface Run {
  readonly stop: AbortController;
  readonly ready: Promise<void>;
  position: bigint;
}

/** Follows the end of a log while there is somebody to follow it for. */
export const createTail = (log: EventLog): Tail => {
  const members = createInterests<TailMember>();
  let run: Run | undefined;

  const remove = (member: TailMember): void => {
    if (!members.remove(member) || members.size > 0) return;
    run?.stop.abort();
    run = undefined;
  };

  const ended = (mine: Run, error?: unknown): void => {
    if (run !== mine) return;
    for (const member of members.all()) {
      remove(member);
      member.end(error);
    }
  };

  const follow = async (mine: Run): Promise<void> => {
    const { signal } = mine.stop;
    for await (const { events, position } of log.subscribe({ after: mine.position, signal })) {
      if (signal.aborted) return;
      for (const event of events) for (const member of members.of(event)) member.offer(event);
      mine.position = position;
    }
  };

  const begin = (): Run => {
    const mine: Run = {
      stop: new AbortController(),
      position: 0n,
      ready: log.end().then((end) => {
        mine.position = end;
        void follow(mine).then(
          () => ended(mine),
          (error: unknown) => ended(mine, error),
        );
        return undefined;
      }),
    };
    return mine;
  };

  return {
    get members() {
      return members.size;
    },
    join: async (member) => {
      members.add(member);
      run ??= begin();
      const mine = run;
      try {
        await mine.ready;
      } catch (error) {
        remove(member);
        if (run === mine) run = undefined;
        throw error;
      }
      return mine.position;
    },
    leave: remove,
  };
};
