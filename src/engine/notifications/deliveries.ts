import type { ExecutionEvent } from '../../domain/execution/events.ts';
import { noticesOf, notifiedBy, type NotificationRequest } from '../../domain/notification/notice.ts';
import { Rejection } from '../../domain/rejection.ts';
import { streamOf } from '../../domain/stream.ts';
import { whenAvailable } from '../../commands/append.ts';
import { covers } from '../../domain/access/scope.ts';
import type { Caller } from '../../commands/caller.ts';
import { executionEvent } from '../../commands/load-execution.ts';
import { LogUnavailable } from '../../ports/event-log.ts';
import type { Timer } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { OWNS_ALL, type Owned } from '../owned.ts';
import { createPool } from '../pool.ts';
import { within } from '../within.ts';
import {
  createNotificationStore,
  fresh,
  type NotificationStoreOptions,
  type StoredNotification,
} from './notification-store.ts';
import { messageOf, sendMessage, type SendingOptions } from './send-message.ts';

/** Messages that are being sent at a time. */
const AT_ONCE = 32;
/** Bytes of a payload below which nothing is left to be left out. */
const LEAST = 64;

/** What `createDeliveries` needs. */
export interface DeliveriesOptions
  extends Omit<NotificationStoreOptions, 'over'>, Pick<SendingOptions, 'notifier' | 'timeout'> {
  readonly logger: Logger;
  /** Which notifications it sends; all unless it says otherwise. */
  readonly owned?: Owned;
}

/** Asks for notifications and sends them: each is durable before it is tried, and tried until it is sent or given up. */
export interface Deliveries {
  /** Asks for notifications; those that were asked for before are left as they are. Rejects as the log does. */
  request(requests: readonly NotificationRequest[], tenant: string): Promise<void>;
  /** Asks for what events of an execution, the first of which stands at `revision`, tell of themselves. */
  notice(execution: string, revision: number, events: readonly ExecutionEvent[], tenant: string): void;
  /** The same for one event that was left by whoever appended it. Rejects as the log does. */
  noticeLeft(execution: string, revision: number): Promise<void>;
  /** Takes up a notification that is due at a time, as far as one knows. */
  arm(id: string, dueAt: number): void;
  /** Has one sent once more; answers the position. Rejects with `Rejection`. */
  resend(id: string, reason: string, caller: Caller): Promise<bigint>;
  /** Waits up to `grace` ms for those of these that are being sent, which `owned` takes no more; answers whether they ended. */
  drained(ids: (id: string) => boolean, grace: number): Promise<boolean>;
  /** Forgets these, which are another node's. */
  forsake(ids: (id: string) => boolean): void;
  /** Begins to send nothing more. */
  stop(): void;
  /** Waits up to `grace` ms for what is under way, then gives it up: it is taken up by the next start. */
  drain(grace: number): Promise<void>;
}

interface UnderWay {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  /** It is to be looked at once more. */
  again: boolean;
}

/** Creates deliveries; they work as soon as something is asked for. */
export const createDeliveries = (options: DeliveriesOptions): Deliveries => {
  const { log, world, logger, maxPayload, owned = OWNS_ALL } = options;
  const { clock } = world;
  const over = new AbortController();
  const store = createNotificationStore({ ...options, over: over.signal });
  const sending: SendingOptions = { ...options, clock };
  const pool = createPool(AT_ONCE);
  const timers = new Map<string, Timer>();
  /** One a notification at most: whoever comes meanwhile is looked after by its end. */
  const underWay = new Map<string, UnderWay>();
  const work = new Set<Promise<unknown>>();
  let stopped = false;

  const keep = (fields: object, promise: Promise<unknown>): void => {
    const kept: Promise<unknown> = promise
      .catch((error: unknown) => {
        if (error instanceof LogUnavailable && over.signal.aborted) return;
        logger.error(
          { ...fields, err: error },
          'A notification cannot go on; it is taken up again at the next start.',
        );
      })
      .finally(() => work.delete(kept));
    work.add(kept);
  };

  const disarm = (id: string): void => {
    timers.get(id)?.cancel();
    timers.delete(id);
  };

  const arm = (id: string, dueAt: number): void => {
    if (stopped || !owned.owns(id)) return;
    disarm(id);
    if (dueAt <= clock.now()) begin(id);
    else {
      timers.set(
        id,
        clock.schedule(dueAt, () => {
          timers.delete(id);
          begin(id);
        }),
      );
    }
  };

  const begin = (id: string): void => {
    const known = underWay.get(id);
    if (known !== undefined) known.again = true;
    else if (!stopped) keep({ notificationId: id }, attempt(id));
  };

  /** Sends one that is due, whose stream says so, and takes note of how that ended. */
  const attempt = async (id: string): Promise<void> => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const mine: UnderWay = { abort: new AbortController(), ended, again: false };
    underWay.set(id, mine);
    let next: number | undefined;
    try {
      next = await pool(() => sendOnce(id, mine.abort));
    } finally {
      underWay.delete(id);
      end();
    }
    if (next !== undefined) arm(id, next);
    else if (mine.again) begin(id);
  };

  const isHeld = async (id: string): Promise<boolean> => owned.holds(id) || owned.whenHeld(id);

  /** Answers when it is to be tried next. */
  const sendOnce = async (id: string, abort: AbortController): Promise<number | undefined> => {
    if (stopped || !(await isHeld(id))) return undefined;
    const notification = await store.load(id);
    const message = messageOf(notification);
    if (notification.state.status !== 'pending' || message === undefined) return undefined;
    if (notification.state.dueAt > clock.now()) return notification.state.dueAt;
    // Reading took time, in which the lease may have run out: once that goes on nobody else says so.
    if (!owned.holds(id)) return notification.state.dueAt;
    // Or it may have begun to be handed over.
    if (stopped || abort.signal.aborted || !owned.takes(id)) return undefined;
    const report = await sendMessage(message, abort, { ...sending, maxPayload });
    if (report === undefined || !(await isHeld(id))) return undefined;
    const { notification: after } = await store.handle(notification, report);
    return after.state.status === 'pending' ? after.state.dueAt : undefined;
  };

  const requestOne = async ({ id, event }: NotificationRequest, tenant: string): Promise<void> => {
    const { notification, events } = await store.handle(fresh(id, tenant), { type: 'request', event });
    if (events.length > 0) goOn(notification);
  };

  const goOn = ({ id, state }: StoredNotification): void => {
    if (state.status === 'pending') arm(id, state.dueAt);
  };

  const request: Deliveries['request'] = async (requests, tenant) => {
    await Promise.all(requests.map((one) => requestOne(one, tenant)));
  };

  /** Who is told gets to know less rather than nothing, where the store takes no commit of that size. */
  const notice = async (
    execution: string,
    revision: number,
    event: ExecutionEvent,
    tenant: string,
    most = maxPayload,
  ): Promise<void> => {
    try {
      await request(noticesOf(execution, revision, event, most), tenant);
    } catch (error) {
      const isTooLarge = error instanceof Rejection && error.code === 'PAYLOAD_TOO_LARGE';
      if (!isTooLarge || most < LEAST) throw error;
      await notice(execution, revision, event, tenant, most / 2);
    }
  };

  return {
    request,
    arm,
    notice: (execution, revision, events, tenant) => {
      for (const [n, event] of events.entries()) {
        if (notifiedBy(event).length === 0) continue;
        keep({ executionId: execution }, notice(execution, revision + n, event, tenant));
      }
    },
    noticeLeft: async (execution, revision) => {
      const stream = streamOf('execution', execution);
      const read = () => log.read(stream, { from: revision, limit: 1 });
      const [recorded] = await whenAvailable(clock, over.signal, read);
      if (recorded === undefined) return;
      await notice(execution, revision, executionEvent(recorded), recorded.commit.metadata.tenant);
    },
    resend: async (id, reason, caller) => {
      const found = await store.load(id);
      const { tenant, state } = found;
      // What is beyond the caller's scope is to them as if it were not there.
      const isThere = covers(caller.scope, { tenant, workflow: state.of?.workflow });
      const { notification } = await store.handle(
        isThere ? found : fresh(id),
        { type: 'resend', id, reason },
        caller,
      );
      goOn(notification);
      return notification.position;
    },
    drained: (ids, grace) =>
      within(clock, grace, async (late) => {
        for (;;) {
          const sending = [...underWay].filter(([id]) => ids(id)).map(([, { ended }]) => ended);
          if (sending.length === 0 || late.aborted) return;
          await Promise.all(sending);
        }
      }),
    forsake: (ids) => {
      for (const id of timers.keys()) if (ids(id)) disarm(id);
      for (const [id, { abort }] of underWay)
        if (ids(id)) abort.abort(new DOMException('Another node goes on with it.', 'AbortError'));
    },
    stop: () => {
      stopped = true;
      for (const id of timers.keys()) disarm(id);
    },
    drain: async (grace) => {
      stopped = true;
      await within(clock, grace, async (late) => {
        while (work.size > 0 && !late.aborted) await Promise.allSettled(work);
      });
      over.abort();
      for (const { abort } of underWay.values())
        abort.abort(new DOMException('The server stops.', 'AbortError'));
    },
  };
};
