import { NO_STREAM, seal } from '../domain/chain.ts';
import type { ProjectionEventParked } from '../domain/projection/events.ts';
import { streamOf } from '../domain/stream.ts';
import { WrongExpectedRevision, type EventLog } from '../ports/event-log.ts';
import { appendPatiently, whenAvailable } from './append.ts';
import type { Caller } from './caller.ts';
import type { Envelopes, World } from './envelope.ts';

/** An event that a projection has stopped at, and what it said of it. */
export interface StoppedAt {
  readonly message: string;
  readonly position: bigint;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
}

/** What `createParking` needs. */
export interface ParkingOptions {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  readonly over: AbortSignal;
}

/** Says in the log which events projections pass over where they cannot fold them. */
export interface Parking {
  /** Answers where that stands, once it is durable; waits for the log however long it is away. */
  park(projection: string, at: StoppedAt, reason: string, caller: Caller): Promise<bigint>;
}

/** Parks events, each projection's in a stream of its own. */
export const createParking = ({ log, world, envelopes, over }: ParkingOptions): Parking => {
  const typeOf = async ({ stream, revision }: StoppedAt): Promise<string> => {
    const [event] = await log.read(stream, { from: revision, limit: 1 });
    return event?.type ?? '';
  };

  return {
    async park(projection, at, reason, caller) {
      const { message, position, stream, revision, eventId } = at;
      const type = await whenAvailable(world.clock, over, () => typeOf(at));
      const event: ProjectionEventParked = {
        type: 'projection.event_parked',
        facts: { projection, event: eventId, type, stream, revision, position: String(position) },
        payload: { reason, error: message },
      };
      const own = streamOf('projection', projection);
      const metadata = envelopes.open(projection, caller, caller.tenant, world.clock.now());
      for (;;) {
        const head = (await whenAvailable(world.clock, over, () => log.head(own))) ?? NO_STREAM;
        try {
          const commit = seal(own, head, [event], metadata);
          return (await appendPatiently(log, world.clock, commit, over)).position;
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision)) throw error;
        }
      }
    },
  };
};
