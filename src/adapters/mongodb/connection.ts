import { MongoClient, type Db } from 'mongodb';
import { ReadModelsUnavailable } from '../../ports/read-models.ts';
import { readModelsError } from './errors.ts';
import { databaseOf } from './names.ts';

/** A connection that outlives outages of the server. */
export interface Connection {
  /** Does work on the database. Rejects with `ReadModelsUnavailable` while the server is away, within a bounded time. */
  answer<T>(work: (db: Db) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Prepares a connection; nothing is sent before the first work. Throws for a URL that is none. `patience` is in ms. */
export const createConnection = (url: string, patience: number): Connection => {
  const client = new MongoClient(url, {
    serverSelectionTimeoutMS: patience,
    connectTimeoutMS: patience,
    // A server that is there and says nothing.
    socketTimeoutMS: patience * 4,
    // What a new primary does not know of must not have been read or acknowledged.
    writeConcern: { w: 'majority', wtimeoutMS: patience * 2 },
    readConcernLevel: 'majority',
    readPreference: 'primary',
  });
  const db = client.db(databaseOf(url));
  let connecting: Promise<unknown> | undefined;
  let closed = false;

  // The driver finds a server again by itself once it has found one, but gives up when it never has.
  const connected = async (): Promise<void> => {
    const current = (connecting ??= client.connect());
    try {
      await current;
    } catch (error) {
      if (connecting === current) connecting = undefined;
      throw error;
    }
  };

  const closedError = (cause?: unknown): ReadModelsUnavailable =>
    new ReadModelsUnavailable('Expected the read models to be open, but they have been closed.', cause);

  return {
    async answer(work) {
      if (closed) throw closedError();
      try {
        await connected();
        return await work(db);
      } catch (error) {
        const known = readModelsError(error);
        throw closed && known instanceof ReadModelsUnavailable ? closedError(error) : known;
      }
    },
    async close() {
      closed = true;
      const last = connecting;
      await client.close();
      // One that was being made is given up by now, unless it was looking names up.
      const late = await last?.then(
        () => true,
        () => false,
      );
      if (late === true) await client.close();
    },
  };
};
