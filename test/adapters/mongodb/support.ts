import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { openMongoReadModels } from '../../../src/adapters/mongodb/read-models.ts';
import { ReadModelsUnavailable, type ReadModels } from '../../../src/ports/read-models.ts';
import { startMongo, type MongoServer } from '../../servers/mongodb/server.ts';

/** A server of the test's own, stopped when the test ends. */
export const startServer = async (): Promise<MongoServer> => {
  const server = await startMongo();
  onTestFinished(() => server.stop());
  return server;
};

/** Read models that are impatient enough for a test, closed when it ends. */
export const openReadModels = async (url: string, patience = 300): Promise<ReadModels> => {
  const readModels = await openMongoReadModels({ url, patience });
  onTestFinished(() => readModels.close());
  return readModels;
};

/** Makes a call again for as long as the server is away; tells of each time. */
export const persistently = async <T>(
  call: () => Promise<T>,
  told: () => Promise<void> = () => Promise.resolve(),
): Promise<T> => {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ReadModelsUnavailable)) throw error;
      await told();
      // An answer that comes at once must not keep everything else from its turn.
      await setImmediate();
    }
  }
};
