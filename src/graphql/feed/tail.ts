import type { RecordedEvent } from '../../domain/event.ts';
import type { EventLog } from '../../ports/event-log.ts';

/** Who follows the end of the log. */
export interface TailMember {
  /** Only events of this stream are offered; undefined for all. */
  readonly stream: string | undefined;
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
  const members = new Map<string | undefined, Set<TailMember>>();
  let size = 0;
  let run: Run | undefined;

  const add = (member: TailMember): void => {
    const group = members.get(member.stream);
    if (group === undefined) members.set(member.stream, new Set([member]));
    else group.add(member);
    size += 1;
  };

  const remove = (member: TailMember): void => {
    const group = members.get(member.stream);
    if (group?.delete(member) !== true) return;
    if (group.size === 0) members.delete(member.stream);
    size -= 1;
    if (size > 0) return;
    run?.stop.abort();
    run = undefined;
  };

  const offer = (event: RecordedEvent): void => {
    for (const member of members.get(event.stream) ?? []) member.offer(event);
    for (const member of members.get(undefined) ?? []) member.offer(event);
  };

  const ended = (mine: Run, error?: unknown): void => {
    if (run !== mine) return;
    for (const member of [...members.values()].flatMap((group) => [...group])) {
      remove(member);
      member.end(error);
    }
  };

  const follow = async (mine: Run): Promise<void> => {
    const { signal } = mine.stop;
    for await (const { events, position } of log.subscribe({ after: mine.position, signal })) {
      if (signal.aborted) return;
      for (const event of events) offer(event);
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
      return size;
    },
    join: async (member) => {
      add(member);
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
