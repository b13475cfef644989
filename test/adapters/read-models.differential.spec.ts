import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { openMongoReadModels } from '../../src/adapters/mongodb/read-models.ts';
import { openSqliteReadModels } from '../../src/adapters/sqlite/read-models.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { ReadModels } from '../../src/ports/read-models.ts';
import { readViews } from '../../src/projections/generations.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import { randomHistory } from '../projections/random-history.ts';
import { appendAll, openStores } from '../projections/stores.ts';
import { onMongo } from '../servers/mongodb/on-mongo.ts';
import { sealAll } from '../spec/given.ts';
import { command, PREPARATIONS, type Command } from './read-models-commands.ts';
import { temporaryFolder } from './sqlite/temporary-folder.ts';

const NAMES = PROJECTIONS.map(({ name }) => name);

// What is found is told, with its seed, before the test's time is over.
const TELLING = { interruptAfterTimeLimit: 200_000 };

/** What a call answered or refused with, comparable. */
const outcomeOf = ({ text, run }: Command, readModels: ReadModels, prefix: string): Promise<unknown> =>
  run(readModels, prefix).then(
    (answer) => [text, 'answers', answer],
    (error: unknown) => [text, 'refuses', String(error)],
  );

/** Everything that projections have stored, as its very text and in order. */
const contentOf = async (readModels: ReadModels): Promise<unknown> => {
  const records = await readViews(readModels);
  const documents = await Promise.all(
    records.map(({ name, generation }) => readModels.find(`${name}_${generation}`, { limit: 100_000 })),
  );
  return documents.map((found, index) => [
    records[index],
    found.map(({ key, position, doc }) => [key, position, JSON.stringify(doc)]),
  ]);
};

onMongo('SQLite and MongoDB side by side', (mongo) => {
  it('answer any calls in the same way', async () => {
    const { url, drop } = await mongo.database();
    const ours = await openSqliteReadModels({ path: join(temporaryFolder(), 'views.db') });
    const theirs = await openMongoReadModels({ url });
    onTestFinished(() => Promise.all([ours.close(), theirs.close()]).then(drop));
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 20, maxLength: 60 }), async (commands) => {
        runs += 1;
        for (const command of [...PREPARATIONS, ...commands]) {
          expect(await outcomeOf(command, theirs, `r${runs}`)).toEqual(
            await outcomeOf(command, ours, `r${runs}`),
          );
        }
      }),
      { numRuns: 100, ...TELLING },
    );
  }, 300_000);

  it('hold the same views of any history, also when they are rebuilt', async () => {
    await fc.assert(
      fc.asyncProperty(randomHistory, fc.integer({ min: 1, max: 30 }), async (history, batch) => {
        const { url, drop } = await mongo.database();
        const { log, readModels: ours, close } = await openStores();
        const theirs = await openMongoReadModels({ url });
        try {
          const end = await appendAll(log, sealAll(history));
          const projectors = [ours, theirs].map((readModels) =>
            startProjector({
              log,
              readModels,
              projections: PROJECTIONS,
              clock: systemClock(),
              batch,
              dense: true,
            }),
          );
          await Promise.all(projectors.map((projector) => projector.waitFor(end, NAMES, 60_000)));
          expect(await contentOf(theirs)).toEqual(await contentOf(ours));
          for (const projector of projectors) for (const name of NAMES) await projector.rebuild(name);
          expect(await contentOf(theirs)).toEqual(await contentOf(ours));
          await Promise.all(projectors.map((projector) => projector.stop()));
        } finally {
          await theirs.close();
          await close();
          await drop();
        }
      }),
      { numRuns: 15, ...TELLING },
    );
  }, 300_000);
});
