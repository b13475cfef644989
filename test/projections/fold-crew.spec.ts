import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished, vi } from 'vitest';
import { foldCrews } from '../../src/fold-crew.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import type { Crew } from '../../src/projections/rebuild/crew.ts';
import { openRunner, type Runner } from './runner.ts';
import { documentsOf, liveDocuments } from './stores.ts';
import { runs } from './tally.ts';

const PATIENT = 60_000;
const NAMES = PROJECTIONS.map(({ name }) => name);
const HISTORY = runs(400);

/** One who is had from a machine of two processors, and is there before anybody folds. */
const crewIn = async ({ path, log }: Runner, failures: unknown[]): Promise<Crew> => {
  const failed = (failure: unknown): void => void failures.push(failure);
  const crew = foldCrews({ data: path, wake: log.wake }, failed, 2)?.open();
  if (crew === undefined) throw new TypeError('Expected a crew, but there is none.');
  await vi.waitFor(() => expect(crew.ready()).toHaveLength(1), { timeout: PATIENT, interval: 0 });
  return crew;
};

const start = async (runner: Runner, crew: Crew, failures: unknown[]) => {
  const end = await runner.happen(HISTORY);
  const failed = (failure: unknown): void => void failures.push(failure);
  const crews = { atLeast: 1, failed, open: () => crew };
  const projector = runner.start({ projections: PROJECTIONS, batch: 20, crews });
  await projector.waitFor(end, NAMES, PATIENT);
  return projector;
};

it('folds in threads of its own what a rebuild leaves to it', async () => {
  const runner = await openRunner();
  const failures: unknown[] = [];
  const crew = await crewIn(runner, failures);
  let events = 0;
  const counted: Crew = {
    ...crew,
    ready: () =>
      crew.ready().map(({ fold }) => ({
        fold: async (stretch) => {
          const done = await fold(stretch);
          events += done.events.get('timeline') ?? 0;
          return done;
        },
      })),
  };
  const projector = await start(runner, counted, failures);
  expect(await projector.rebuild('timeline')).toMatchObject({ comparison: { differing: 0 }, events: 800 });
  expect(events).toBe(400);
  expect(failures).toEqual([]);
  expect(await liveDocuments(runner.readModels)).toEqual(documentsOf(HISTORY));
}, 60_000);

it('leaves a rebuild to who rebuilds when one of its threads has ended', async () => {
  const runner = await openRunner();
  const threads: Worker[] = [];
  const began = (worker: Worker): void => void threads.push(worker);
  process.on('worker', began);
  onTestFinished(() => void process.off('worker', began));
  const failures: unknown[] = [];
  const crew = await crewIn(runner, failures);
  await threads.at(-1)?.terminate();
  const projector = await start(runner, crew, failures);
  expect(await projector.rebuild('timeline')).toMatchObject({ comparison: { differing: 0 }, events: 800 });
  expect(failures).toMatchObject([{ message: expect.stringContaining('it has ended with 1') }]);
}, 60_000);

it('tells of threads that cannot start', async () => {
  const failures: unknown[] = [];
  const nowhere = { data: join(tmpdir(), 'fold-crew-of-nothing'), wake: new SharedArrayBuffer(8) };
  const crew = foldCrews(nowhere, (failure) => void failures.push(failure), 2)?.open();
  await vi.waitFor(() => expect(failures).toHaveLength(1), { timeout: PATIENT, interval: 0 });
  expect(failures).toMatchObject([{ message: expect.stringContaining('fold-crew-of-nothing') }]);
  expect(crew?.ready()).toEqual([]);
  await crew?.close();
}, 60_000);

it('is none on a machine of one processor', () => {
  expect(foldCrews({ data: 'data', wake: new SharedArrayBuffer(8) }, () => undefined, 1)).toBeUndefined();
});

it('is one at a time', async () => {
  const { path, log } = await openRunner();
  const crews = foldCrews({ data: path, wake: log.wake }, () => undefined, 2);
  const first = crews?.open();
  expect(first).toBeDefined();
  expect(crews?.open()).toBeUndefined();
  await first?.close();
  const second = crews?.open();
  expect(second).toBeDefined();
  await second?.close();
}, 60_000);
