import {
  BACKWARDS,
  END,
  START as BEGINNING,
  StreamNotFoundError,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import type { Clock } from '../../ports/clock.ts';
import { START } from '../../ports/event-log.ts';
import type { StoredEvent } from './assemble-commits.ts';

interface Reading {
  on(event: 'data', listener: (resolved: { event?: StoredEvent }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end' | 'close', listener: () => void): unknown;
  destroy(): unknown;
  cancel(): Promise<void>;
}

/** How long to wait for the first event, ms; for each one after it up to twice as long. */
export interface Patience {
  readonly clock: Clock;
  readonly timeout: number;
}

/** Ends a read or a subscription, also on the server. */
export const leave = async (reading: {
  destroy(): unknown;
  cancel?(): Promise<void>;
  unsubscribe?(): Promise<void>;
}): Promise<void> => {
  reading.destroy();
  try {
    await reading.cancel?.();
    await reading.unsubscribe?.();
  } catch {
    // Its call could not be made, which its error event has said: there is nothing to end.
  }
};

const collect = (reading: Reading, { clock, timeout }: Patience): Promise<StoredEvent[]> =>
  new Promise((resolve, reject) => {
    const events: StoredEvent[] = [];
    let heard = false;
    let ended = false;
    const end = (settle: () => void): void => {
      if (ended) return;
      ended = true;
      timer.cancel();
      settle();
    };
    const fail = (error: Error): void =>
      end(() => {
        void leave(reading);
        reject(error);
      });
    const watch = (): void => {
      if (!heard)
        fail(new Error(`Expected an event or the end of a read within ${timeout} ms, but none came.`));
      else timer = clock.after(timeout, watch);
      heard = false;
    };
    let timer = clock.after(timeout, watch);
    reading.on('data', ({ event }) => {
      heard = true;
      if (event) events.push(event);
    });
    reading.on('error', fail);
    reading.on('end', () => end(() => resolve(events)));
    reading.on('close', () => fail(new Error('Expected the end of a read, but its connection closed.')));
  });

/** Events of a stream from a revision on; empty when there are none. */
export const readStream = async (
  client: EventStoreDBClient,
  patience: Patience,
  stream: string,
  from: number,
  limit: number,
): Promise<StoredEvent[]> => {
  try {
    const options = { fromRevision: BigInt(from), maxCount: limit };
    return await collect(client.readStream(stream, options), patience);
  } catch (error) {
    if (error instanceof StreamNotFoundError) return [];
    throw error;
  }
};

/** The last event of a stream. */
export const readLast = async (
  client: EventStoreDBClient,
  patience: Patience,
  stream: string,
): Promise<StoredEvent | undefined> => {
  try {
    const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
    return (await collect(client.readStream(stream, options), patience))[0];
  } catch (error) {
    if (error instanceof StreamNotFoundError) return undefined;
    throw error;
  }
};

/** Events of the whole log strictly after a position, other applications' and the server's among them. */
export const readAll = async (
  client: EventStoreDBClient,
  patience: Patience,
  after: bigint,
  limit: number,
): Promise<StoredEvent[]> => {
  const fromPosition = after === START ? BEGINNING : { commit: after, prepare: after };
  const reading = client.readAll({ fromPosition, maxCount: limit + 1 }) as Reading;
  const events = await collect(reading, patience);
  return events.filter(({ position }) => position !== undefined && position.commit > after).slice(0, limit);
};

/** Position of the last event of the whole log, whoever wrote it; `START` when it is empty. */
export const readEnd = async (client: EventStoreDBClient, patience: Patience): Promise<bigint> => {
  const reading = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }) as Reading;
  return (await collect(reading, patience))[0]?.position?.commit ?? START;
};
