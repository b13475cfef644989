import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteLog } from './adapters/sqlite/event-log.ts';
import { openSqliteReadModels } from './adapters/sqlite/read-models.ts';
import { systemClock } from './adapters/system/clock.ts';
import type { HandData, HandSaid, Told } from './fold-crew.ts';
import { PROJECTIONS } from './projections/catalogue.ts';
import { createPatience } from './projections/patience.ts';
import type { Stretch } from './projections/rebuild/crew.ts';
import { createHand } from './projections/rebuild/hand.ts';
import { BATCH } from './projections/run-projections.ts';
import { failureOf } from './projections/sent-failure.ts';
import { viewsFile } from './views-file.ts';

const { data, wake } = workerData as HandData;

const over = new AbortController();
const log = await openSqliteLog({ path: data, mode: 'reader', wake });
const readModels = await openSqliteReadModels({
  path: viewsFile(data),
  copies: 'elsewhere',
});
const hand = createHand({
  log,
  readModels,
  projections: PROJECTIONS,
  patience: createPatience(systemClock(), over.signal),
  signal: over.signal,
  batch: BATCH,
  // Whoever rebuilds writes to the same file, and tells of it.
  told: () => undefined,
});

const say = (said: HandSaid): void => parentPort?.postMessage(said);

const fold = async (stretch: Stretch): Promise<void> => {
  try {
    say(await hand.fold(stretch));
  } catch (error) {
    say({ failure: failureOf(error) });
  }
};

let folding: Promise<void> = Promise.resolve();

const end = async (): Promise<void> => {
  over.abort();
  await folding;
  await readModels.close();
  await log.close();
  parentPort?.close();
};

parentPort?.on('message', (told: Told) => {
  if (told === 'end') void end();
  else folding = fold(told);
});
say('ready');
