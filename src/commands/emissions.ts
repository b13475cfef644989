import { NO_STREAM, seal } from '../domain/chain.ts';
import { saidBy, type EventEmitted, type PinnedStart } from '../domain/emission.ts';
import type { ExecutionStarted } from '../domain/execution/events.ts';
import type { Json } from '../domain/json.ts';
import { Rejection } from '../domain/rejection.ts';
import { streamOf } from '../domain/stream.ts';
import { emittedEventIdOf } from '../domain/uuid.ts';
import { WrongExpectedRevision, type EventLog } from '../ports/event-log.ts';
import { appendWhole, checkSize, whenAvailable } from './append.ts';
import { startedBy } from './caller.ts';
import type { EmitEvent } from './commands.ts';
import type { Envelopes, World } from './envelope.ts';
import { createSettledEvents, type SettledEvents } from './settled-events.ts';
import { stopping } from './stopping.ts';

/** What `createEmissions` needs. */
export interface EmissionsOptions {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  /** The most bytes of one event's payload. */
  readonly maxPayload: number;
  readonly over: AbortSignal;
  /** Is told of the events that were accepted, and of those that have started what they start. */
  readonly settled?: SettledEvents;
}

/** An event from outside as the log holds it. */
export interface Emitted {
  readonly eventId: string;
  readonly payload: Json;
  /** What it starts; `undefined` for an event of before that was kept. */
  readonly starts: readonly PinnedStart[] | undefined;
  readonly position: bigint;
  /** To be called when what it starts is started. */
  readonly settle: () => void;
}

/** The events that came from outside. */
export interface Emissions {
  /** Makes an event and what it starts durable; one with a key that was used for its type before is that one, with what was said then. */
  record(command: EmitEvent, starts: readonly PinnedStart[]): Promise<Emitted>;
  /**
   * Makes known that an event is being accepted, from before it is durable until what it starts is. `closing` rejects
   * with `UNAVAILABLE` once no more events are accepted, and so does this then.
   */
  during<T>(work: (closing: Promise<never>) => Promise<T>): Promise<T>;
  /** Accepts no more events; resolves once none is being accepted. */
  close(): Promise<void>;
}

const bytesOf = (payload: EventEmitted['payload'] | ExecutionStarted['payload']): number =>
  JSON.stringify(payload).length;

/** Bytes that an execution's first event has around the event that starts it, beyond those that are around it here. */
const AROUND = bytesOf({ input: null, event: null, variables: {} }) - bytesOf({ payload: null });

/** Records events from outside, each in a stream of its own. */
export const createEmissions = ({
  log,
  world,
  envelopes,
  maxPayload,
  over,
  settled = createSettledEvents(),
}: EmissionsOptions): Emissions => {
  const underWay = new Map<Promise<unknown>, () => void>();
  let closing = false;

  const read = async (eventId: string): Promise<Omit<Emitted, 'settle'>> => {
    const stream = streamOf('event', eventId);
    const [known] = await whenAvailable(world.clock, over, () => log.read(stream, { limit: 1 }));
    if (known === undefined) throw new TypeError(`Expected ${stream} to hold an event, but it is empty.`);
    const { payload, starts } = saidBy(known);
    return { eventId, payload, starts, position: known.position };
  };

  const record: Emissions['record'] = async ({ type, payload, idempotencyKey, caller }, starts) => {
    const eventId = idempotencyKey === undefined ? world.ids.next() : emittedEventIdOf(type, idempotencyKey);
    const { trace, triggeredBy } = startedBy(caller);
    const event: EventEmitted = {
      type: 'event.emitted',
      facts: { event: type, starts, ...(trace === true ? { trace } : {}) },
      payload: { payload, ...(triggeredBy === undefined ? {} : { triggeredBy }) },
    };
    const metadata = envelopes.open(eventId, caller, caller.tenant, world.clock.now());
    const commit = seal(streamOf('event', eventId), NO_STREAM, [event], metadata);
    // What it starts is to hold it too: only what the store itself cannot take is found out later.
    checkSize(commit, maxPayload - AROUND);
    const settle = settled.open();
    try {
      const { position } = await appendWhole(log, world.clock, commit, over);
      settled.reach(position);
      return { eventId, payload, starts, position, settle };
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return { ...(await read(eventId)), settle };
      // Of anything else nobody knows whether it is stored after all.
      if (error instanceof Rejection) settle();
      throw error;
    }
  };

  return {
    record,
    during: async (work) => {
      if (closing) throw stopping('accepts events');
      const end = Promise.withResolvers<never>();
      end.promise.catch(() => undefined);
      const mine = work(end.promise);
      underWay.set(mine, () => end.reject(stopping('accepts events')));
      try {
        return await mine;
      } finally {
        underWay.delete(mine);
      }
    },
    close: async () => {
      closing = true;
      for (const end of underWay.values()) end();
      while (underWay.size > 0) await Promise.allSettled(underWay.keys());
    },
  };
};
