import { join } from 'node:path';
import { openMongoReadModels } from '../src/adapters/mongodb/read-models.ts';
import { createLogger } from '../src/adapters/pino/logger.ts';
import { createThreads } from '../src/threads.ts';
import { openSqliteLog } from '../src/adapters/sqlite/event-log.ts';
import { openSqliteReadModels } from '../src/adapters/sqlite/read-models.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import type { EventLog } from '../src/ports/event-log.ts';
import type { ReadModels } from '../src/ports/read-models.ts';
import { PROJECTIONS } from '../src/projections/catalogue.ts';
import { PACE, startProjector } from '../src/projections/run-projections.ts';
import type { Projector } from '../src/projections/projector.ts';
import { startProjectorThread } from '../src/projector-thread.ts';
import { viewsFile } from '../src/views-file.ts';
import { startMongo } from '../test/servers/mongodb/server.ts';
import { round } from './figures.ts';
import { generate } from './generate.ts';
import { EVENTS } from './open-engine.ts';
import { readViews, type Reads } from './read-views.ts';
import { rebuildBesideEngine, type BesideEngine } from './rebuild-beside-engine.ts';
import { insertsPerSecond, logReadsPerSecond, rawInsertsPerSecond } from './rebuild-floors.ts';
import type { Scenario } from './scenario.ts';

/** Of the standard work: a million events. */
const EXECUTIONS = Math.ceil(1_000_000 / EVENTS);
/** What the server that tests start takes in minutes; one that MONGODB_URL names is given as many as the embedded store. */
const ON_TEST_SERVER = 400;
const A_DAY = 86_400_000;

/** What is rebuilt, each in one pass. */
const PASSES: Readonly<Record<string, readonly string[] | undefined>> = {
  executions: ['executions'],
  timeline: ['timeline'],
  counters: ['active', 'outcomes', 'durations', 'incidents'],
  all: undefined,
};

interface Pass {
  readonly name: string;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  /** Documents that were folded, and those that differed. */
  readonly documents: number;
  readonly differing: number;
  readonly reads: Reads;
}

/** A pass beside its floor: the same log read and the same rows inserted, and nothing else. */
interface FlooredPass extends Pass {
  /** How many times as long it took. */
  readonly ratio: number;
}

interface Size {
  readonly events: number;
  readonly executions: number;
}

const passOf = async (
  name: string,
  { events, executions }: Size,
  { projector, readModels }: { readonly projector: Projector; readonly readModels: ReadModels },
): Promise<Pass> => {
  const reading = readViews(readModels, projector, executions);
  const from = performance.now();
  const outcomes = await projector.rebuildAll(PASSES[name]);
  const seconds = (performance.now() - from) / 1_000;
  const reads = await reading.stop();
  const failed = outcomes.find(({ error }) => error !== null);
  if (failed !== undefined)
    throw new Error(`Expected ${failed.name} to be rebuilt, but: ${failed.error?.message}`);
  const sum = (of: (rebuilt: NonNullable<(typeof outcomes)[number]['rebuilt']>) => number): number =>
    outcomes.reduce((total, { rebuilt }) => total + (rebuilt === null ? 0 : of(rebuilt)), 0);
  return {
    name,
    seconds: round(seconds),
    eventsPerSecond: round(events / seconds),
    documents: sum(({ digest }) => digest?.documents ?? 0),
    differing: sum(({ comparison }) => comparison?.differing ?? 0),
    reads,
  };
};

const floored = (
  pass: Pass,
  events: number,
  floor: { readonly logReads: number; readonly inserts: number },
): FlooredPass => {
  const seconds = events / floor.logReads + pass.documents / floor.inserts;
  return { ...pass, ratio: round(pass.seconds / seconds) };
};

const passesOn = async (
  log: EventLog,
  executions: number,
  parts: { readonly projector: Projector; readonly readModels: ReadModels },
): Promise<readonly Pass[]> => {
  const end = await log.end();
  await parts.projector.waitFor(
    end,
    PROJECTIONS.map(({ name }) => name),
    A_DAY,
  );
  const passes: Pass[] = [];
  for (const name of Object.keys(PASSES))
    passes.push(await passOf(name, { events: Number(end), executions }, parts));
  return passes;
};

const embedded = async (data: string, executions: number) => {
  const log = await openSqliteLog({ path: data });
  const readModels = await openSqliteReadModels({ path: viewsFile(data) });
  const world = { clock: systemClock(), threads: createThreads(createLogger('error')) };
  const projector = await startProjectorThread({ data, wake: log.wake }, world);
  try {
    const passes = await passesOn(log, executions, { projector, readModels });
    const logReads = await logReadsPerSecond(log);
    const all: FlooredPass[] = [];
    for (const pass of passes) {
      const views = PASSES[pass.name] ?? PROJECTIONS.map(({ name }) => name);
      const file = join(data, `floor-${pass.name}.db`);
      const inserts = await rawInsertsPerSecond(file, readModels, views);
      all.push(floored(pass, Number(await log.end()), { logReads, inserts }));
    }
    const floors = { logReads, inserts: await insertsPerSecond(readModels, 'executions') };
    return { passes: all, floors };
  } finally {
    await projector.stop();
    await readModels.close();
    await log.close();
  }
};

const onMongo = async (data: string, executions: number) => {
  const given = process.env['MONGODB_URL'];
  const server = given === undefined ? await startMongo() : undefined;
  const log = await openSqliteLog({ path: data, mode: 'reader', wake: new SharedArrayBuffer(8) });
  const readModels = await openMongoReadModels({ url: given ?? server?.url ?? '' });
  const projector = startProjector({
    log,
    readModels,
    projections: PROJECTIONS,
    clock: systemClock(),
    pace: PACE,
    dense: true,
  });
  try {
    const passes = await passesOn(log, executions, { projector, readModels });
    const floors = {
      logReads: await logReadsPerSecond(log),
      inserts: await insertsPerSecond(readModels, 'executions'),
    };
    const end = Number(await log.end());
    return { passes: passes.map((pass) => floored(pass, end, floors)), floors };
  } finally {
    await projector.stop();
    await readModels.close();
    await log.close();
    await server?.stop();
  }
};

const linesOf = (
  store: string,
  { passes, floors }: Awaited<ReturnType<typeof embedded>>,
): readonly string[] => [
  ...passes.map(
    ({ name, seconds, eventsPerSecond, ratio, documents, differing, reads }) =>
      `${store}, ${name}: ${eventsPerSecond.toFixed(0)} events/s (${seconds.toFixed(1)} s, ${ratio.toFixed(1)} times the floor, ${documents} documents compared, ${differing} differ; ` +
      `${reads.reads} reads meanwhile, ${reads.failures} failed, p99 ${reads.latency.p99.toFixed(1)} ms)`,
  ),
  `${store}, floors: ${Object.entries(floors)
    .map(([name, perSecond]) => `${name} ${perSecond.toFixed(0)}/s`)
    .join(', ')}`,
];

const besideLine = ({ alone, duringRebuild, seconds, reads }: BesideEngine): string =>
  `embedded, all beside the engine: ${duringRebuild.toFixed(0)} executions/s, alone ${alone.toFixed(0)} (${seconds.toFixed(1)} s; ` +
  `${reads.reads} reads meanwhile, ${reads.failures} failed, p99 ${reads.latency.p99.toFixed(1)} ms)`;

/**
 * Views folded anew from a log of a million events while others read them: embedded in the thread that servers fold in,
 * and in MongoDB over the wire, beside each the floors of the same minutes; and what that costs the engine.
 */
export const runRebuild: Scenario = async ({ folder, executions = EXECUTIONS }) => {
  const data = join(folder, 'rebuild');
  await generate(data, { standard: executions });
  const sqlite = await embedded(data, executions);
  const engine = await rebuildBesideEngine(data, executions);
  const isGiven = process.env['MONGODB_URL'] !== undefined;
  const fewer = isGiven ? executions : Math.min(executions, ON_TEST_SERVER);
  const other = isGiven ? data : join(folder, 'rebuild-fewer');
  if (!isGiven) await generate(other, { standard: fewer });
  const mongodb = await onMongo(other, fewer);
  return {
    lines: [
      `${executions * EVENTS} events of ${executions} executions, on MongoDB ${fewer * EVENTS}`,
      ...linesOf('embedded', sqlite),
      besideLine(engine),
      ...linesOf('MongoDB', mongodb),
    ],
    figures: {
      embedded: { events: executions * EVENTS, ...sqlite },
      engine,
      ratio: { engineDuringRebuild: round(engine.duringRebuild / engine.alone) },
      mongodb: { events: fewer * EVENTS, isTestServer: !isGiven, ...mongodb },
    },
  };
};
