import { NO_STREAM, seal } from '../domain/chain.ts';
import type { ExecutionStarted } from '../domain/execution/events.ts';
import type { Json } from '../domain/json.ts';
import type { EventEmitted } from '../domain/registry.ts';
import { streamOf } from '../domain/stream.ts';
import { emittedEventIdOf } from '../domain/uuid.ts';
import { WrongExpectedRevision, type EventLog } from '../ports/event-log.ts';
import { appendWhole, checkSize, whenAvailable } from './append.ts';
import type { EmitEvent } from './commands.ts';
import type { Envelopes, World } from './envelope.ts';

/** What `createEmissions` needs. */
export interface EmissionsOptions {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  /** The most bytes of one event's payload. */
  readonly maxPayload: number;
  readonly stopped: () => boolean;
}

/** An event from outside as the log holds it. */
export interface Emitted {
  readonly eventId: string;
  readonly payload: Json;
  readonly position: bigint;
}

/** The events that came from outside. */
export interface Emissions {
  /** Makes an event durable; one with a key that was used for its type before is that one, with what it said then. */
  record(command: EmitEvent): Promise<Emitted>;
  /** Makes known that an event is being accepted, from before it is durable until what it starts is. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves once no event is being accepted. */
  settled(): Promise<void>;
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
  stopped,
}: EmissionsOptions): Emissions => {
  const underWay = new Set<Promise<unknown>>();

  const record: Emissions['record'] = async ({ type, payload, idempotencyKey, caller }) => {
    const eventId = idempotencyKey === undefined ? world.ids.next() : emittedEventIdOf(type, idempotencyKey);
    const stream = streamOf('event', eventId);
    const event: EventEmitted = { type: 'event.emitted', facts: { event: type }, payload: { payload } };
    const metadata = envelopes.open(eventId, caller, caller.tenant, world.clock.now());
    const commit = seal(stream, NO_STREAM, [event], metadata);
    // What it starts has to hold it too: an event that is accepted is not refused by what follows.
    checkSize(commit, maxPayload - AROUND);
    try {
      const { position } = await appendWhole(log, world.clock, commit, stopped);
      return { eventId, payload, position };
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
    }
    const [known] = await whenAvailable(world.clock, stopped, () => log.read(stream, { limit: 1 }));
    if (known === undefined) throw new TypeError(`Expected ${stream} to hold an event, but it is empty.`);
    const { payload: said } = JSON.parse(known.payload ?? '{}') as EventEmitted['payload'];
    return { eventId, payload: said, position: known.position };
  };

  return {
    record,
    during: async (work) => {
      const mine = work();
      underWay.add(mine);
      try {
        return await mine;
      } finally {
        underWay.delete(mine);
      }
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
};
