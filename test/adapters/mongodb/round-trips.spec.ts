import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { PROJECTIONS } from '../../../src/projections/catalogue.ts';
import { startProjector } from '../../../src/projections/run-projections.ts';
import { completed, started, stepCompleted, stepStarted } from '../../projections/samples.ts';
import { appendAll } from '../../projections/stores.ts';
import { countRequests } from '../../servers/mongodb/counted.ts';
import { onMongo, type Mongo } from '../../servers/mongodb/on-mongo.ts';
import { happened, sealAll } from '../../spec/given.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { openReadModels } from './support.ts';

const AT = 1_763_942_400_000;
const NAMES = PROJECTIONS.map(({ name }) => name);
/** Those that have documents of the history. */
const FILLED = ['executions', 'timeline', 'active', 'outcomes', 'durations', 'logs'];
const BATCHES = 3;

const historyOf = (executions: number) =>
  Array.from({ length: executions }, (_, n) => {
    const at = AT + n * 100;
    return happened(
      `execution-e${n}`,
      at,
      started(),
      stepStarted('pay'),
      stepCompleted('pay', 40),
      completed(at, 90),
    );
  });

/** What a rebuild of all views asks of the server, when so many executions are a batch. */
const requestsOf = async (mongo: Mongo, executionsOfBatch: number) => {
  const { url, drop } = await mongo.database();
  const counted = await countRequests(url);
  const log = await temporaryLog();
  const readModels = await openReadModels(counted.url, 10_000);
  const end = await appendAll(log, sealAll(historyOf(executionsOfBatch * BATCHES)));
  const projector = startProjector({
    log,
    readModels,
    projections: PROJECTIONS,
    clock: systemClock(),
    dense: true,
    batch: executionsOfBatch * 4,
  });
  onTestFinished(async () => {
    await projector.stop();
    await drop();
  });
  await projector.waitFor(end, NAMES, 60_000);
  counted.forget();
  for (const { error } of await projector.rebuildAll()) expect(error).toBeNull();
  return counted.requests();
};

onMongo('requests of a rebuild', (mongo) => {
  it('are one a batch for each view, and none to find out what is there, however much a batch is', async () => {
    const few = await requestsOf(mongo, 10);
    const of = (command: string, name: string) => few.get(`${command} ${name}_2`) ?? 0;
    for (const name of FILLED)
      expect([name, of('insert', name) + of('update', name)]).toEqual([name, BATCHES]);
    for (const { name, indexes } of PROJECTIONS) {
      expect([name, of('create', name), of('createIndexes', name)]).toEqual([name, 1, indexes.length]);
      // The comparison with what is live, and how far that goes.
      expect([name, of('find', name)]).toEqual([name, 2]);
    }
    expect(await requestsOf(mongo, 60)).toEqual(few);
  });
});
