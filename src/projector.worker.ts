import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { openSqliteLog } from './adapters/sqlite/event-log.ts';
import { openSqliteReadModels } from './adapters/sqlite/read-models.ts';
import { systemClock } from './adapters/system/clock.ts';
import { foldCrews } from './fold-crew.ts';
import { PROJECTIONS } from './projections/catalogue.ts';
import { serveProjector } from './projections/projector-channel.ts';
import { PACE, startProjector } from './projections/run-projections.ts';
import { failureOf } from './projections/sent-failure.ts';
import type { ProjectorThreadData, Said } from './projector-thread.ts';
import { viewsFile } from './views-file.ts';

const { data, wake, port } = workerData as ProjectorThreadData & { readonly port: MessagePort };

const log = await openSqliteLog({ path: data, mode: 'reader', wake });
const clock = systemClock();
const say = (said: Said): void => parentPort?.postMessage(said);
const readModels = await openSqliteReadModels({
  path: viewsFile(data),
  copies: {
    clock,
    ended: (failure) => say({ journal: failure === undefined ? null : failureOf(failure) }),
    works: () => say({ journal: 'works' }),
  },
});
const projector = startProjector({
  log,
  readModels,
  projections: PROJECTIONS,
  clock,
  dense: true,
  pace: PACE,
  crews: foldCrews({ data, wake }, (failure) => say({ hand: failureOf(failure) })),
});

serveProjector(port, {
  ...projector,
  stop: async () => {
    await projector.stop();
    await readModels.close();
    await log.close();
  },
});
say('ready');
