import { headAfter, NO_STREAM, seal, type StreamHead } from '../../domain/chain.ts';
import { decideNotification, type NotificationCommand } from '../../domain/notification/decide.ts';
import type { NotificationEvent } from '../../domain/notification/events.ts';
import { evolveNotification, UNREQUESTED, type NotificationState } from '../../domain/notification/state.ts';
import { current } from '../../domain/registry.ts';
import { streamOf } from '../../domain/stream.ts';
import { appendWhole, checkSize, whenAvailable } from '../../commands/append.ts';
import type { Caller } from '../../commands/caller.ts';
import type { Envelopes, World } from '../../commands/envelope.ts';
import { WrongExpectedRevision, type EventLog } from '../../ports/event-log.ts';

const TENANT = 'default';

/** What notifications are stored with. */
export interface NotificationStoreOptions {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  /** The most bytes of one event's payload. */
  readonly maxPayload: number;
  /** Once aborted, an append that fails because the log is away is given up. */
  readonly over: AbortSignal;
}

/** A notification as its stream tells it. */
export interface StoredNotification {
  readonly id: string;
  readonly state: NotificationState;
  readonly head: StreamHead;
  readonly position: bigint;
  readonly tenant: string;
}

/** What a command came to; without events it changed nothing. */
export interface HandledNotification {
  readonly notification: StoredNotification;
  readonly events: readonly NotificationEvent[];
}

/** Notifications by id, each a stream of its own. */
export interface NotificationStore {
  /** As the log says. Rejects with `LogUnavailable` once it is over. */
  load(id: string): Promise<StoredNotification>;
  /** Decides and appends, again on what the log says after a conflict. Rejects with `Rejection`, and as `load`. */
  handle(
    from: StoredNotification,
    command: NotificationCommand,
    caller?: Caller,
  ): Promise<HandledNotification>;
}

/** One of which nothing is known, so that asking for it costs no read. */
export const fresh = (id: string, tenant = TENANT): StoredNotification => ({
  id,
  state: UNREQUESTED,
  head: NO_STREAM,
  position: 0n,
  tenant,
});

/** Keeps notifications in a log. */
export const createNotificationStore = (options: NotificationStoreOptions): NotificationStore => {
  const { log, world, envelopes, maxPayload, over } = options;

  const load = (id: string): Promise<StoredNotification> =>
    whenAvailable(world.clock, over, async () => {
      let notification = fresh(id);
      for (;;) {
        const page = await log.read(streamOf('notification', id), { from: notification.head.revision + 1 });
        if (page.length === 0) return notification;
        for (const recorded of page) {
          const { type, facts, payload, commit, revision, position } = current(recorded);
          const event = { type, facts, payload: JSON.parse(payload ?? 'null') } as NotificationEvent;
          notification = {
            id,
            state: evolveNotification(notification.state, event, commit.metadata.at),
            head: { revision, hash: commit.hash },
            position,
            tenant: commit.metadata.tenant,
          };
        }
      }
    });

  const append = async (
    from: StoredNotification,
    events: readonly NotificationEvent[],
    caller: Caller | undefined,
    now: number,
  ): Promise<StoredNotification> => {
    const [first] = events;
    const belongsTo = first?.facts.execution ?? from.id;
    const metadata = envelopes.open(belongsTo, caller, from.tenant, now);
    const commit = seal(streamOf('notification', from.id), from.head, events, metadata);
    checkSize(commit, maxPayload);
    const { position } = await appendWhole(log, world.clock, commit, over);
    const state = events.reduce((state, event) => evolveNotification(state, event, now), from.state);
    return { ...from, state, head: headAfter(commit), position };
  };

  return {
    load,
    handle: async (from, command, caller) => {
      for (let notification = from; ;) {
        const now = world.clock.now();
        const context = { now, random: () => world.ids.random() };
        const events = decideNotification(notification.state, command, context);
        if (events.length === 0) return { notification, events };
        try {
          return { notification: await append(notification, events, caller, now), events };
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision)) throw error;
        }
        notification = await load(from.id);
      }
    },
  };
};
