import { NO_STREAM, seal } from '../domain/chain.ts';
import { saidBy, type EmittedBy, type EventEmitted, type PinnedStart } from '../domain/emission.ts';
import type { ExecutionStarted } from '../domain/execution/events.ts';
import type { Json } from '../domain/json.ts';
import { Rejection } from '../domain/rejection.ts';
import { streamOf } from '../domain/stream.ts';
import { emittedEventIdOf, stepEventIdOf } from '../domain/uuid.ts';
import { WrongExpectedRevision, type EventLog } from '../ports/event-log.ts';
import { appendWhole, checkSize, whenAvailable } from './append.ts';
import { startedBy, type Caller } from './caller.ts';
import type { Envelopes, World } from './envelope.ts';
import { createGatherings, type Gatherings } from './gatherings.ts';
import { createSettledEvents, type SettledEvents } from './settled-events.ts';
import { createSingletons, type Singletons } from './singletons.ts';
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
  /** Told that something waits to start an execution, by its id and until when (ms since the Unix epoch). */
  readonly gathered?: (id: string, dueAt: number) => void;
}

/** An event that is to be accepted. */
export interface ToEmit {
  readonly type: string;
  readonly payload: Json;
  /** The same key is the same event. */
  readonly idempotencyKey: string | undefined;
  readonly caller: Caller;
  /** The visit of a step that emits it, which is its key. */
  readonly by?: EmittedBy & { readonly visit: number };
}

/** An accepted event as the log holds it. */
export interface Emitted {
  readonly eventId: string;
  readonly payload: Json;
  /** What it starts; `undefined` for an event of before that was kept. */
  readonly starts: readonly PinnedStart[] | undefined;
  readonly position: bigint;
  /** To be called when what it starts is started. */
  readonly settle: () => void;
}

/** The events that were accepted, from outside or from steps. */
export interface Emissions {
  /** Makes an event and what it starts durable; one that was recorded before, by its key or its step, is that one, with what was said then. */
  record(event: ToEmit, starts: readonly PinnedStart[]): Promise<Emitted>;
  /**
   * Makes known that an event is being accepted, from before it is durable until what it starts is. `closing` rejects
   * with `UNAVAILABLE` once no more events are accepted, and so does this then.
   */
  during<T>(work: (closing: Promise<never>) => Promise<T>): Promise<T>;
  /** Decides whether an accepted event starts an execution of which there is one at a time. */
  readonly claim: Singletons['claim'];
  /** What waits to start executions with others. */
  readonly gatherings: Gatherings;
  /** Accepts no more events; resolves once none is being accepted. */
  close(): Promise<void>;
}

const bytesOf = (payload: EventEmitted['payload'] | ExecutionStarted['payload']): number =>
  JSON.stringify(payload).length;

/** Bytes that an execution's first event has around the event that starts it, beyond those that are around it here. */
const AROUND = bytesOf({ input: null, event: null, variables: {} }) - bytesOf({ payload: null });

/** Records events, each in a stream of its own. */
export const createEmissions = ({
  log,
  world,
  envelopes,
  maxPayload,
  over,
  settled = createSettledEvents(),
  gathered: changed = () => undefined,
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

  const idOf = ({ type, idempotencyKey, by, caller }: ToEmit): string => {
    if (by !== undefined) return stepEventIdOf(by.execution, by.step, by.visit);
    if (idempotencyKey === undefined) return world.ids.next();
    return emittedEventIdOf(type, idempotencyKey, caller.tenant);
  };

  const record: Emissions['record'] = async (toEmit, starts) => {
    const { type, payload, caller, by } = toEmit;
    const eventId = idOf(toEmit);
    const { trace, triggeredBy } = startedBy(caller);
    const event: EventEmitted = {
      type: 'event.emitted',
      facts: {
        event: type,
        starts,
        ...(trace === true ? { trace } : {}),
        ...(by === undefined ? {} : { execution: by.execution, step: by.step }),
      },
      payload: { payload, ...(triggeredBy === undefined ? {} : { triggeredBy }) },
    };
    const metadata = envelopes.open(by?.execution ?? eventId, caller, caller.tenant, world.clock.now());
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
    claim: createSingletons({ log, world, envelopes, over }).claim,
    gatherings: createGatherings({ log, world, envelopes, over, settled, changed, most: maxPayload / 2 }),
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
