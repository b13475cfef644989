import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLogger } from '../src/adapters/pino/logger.ts';
import { createThreads } from '../src/threads.ts';
import { openSqliteLog } from '../src/adapters/sqlite/event-log.ts';
import { tableOf } from '../src/adapters/sqlite/read-models-names.ts';
import { selectOf } from '../src/adapters/sqlite/read-models-query.ts';
import { openSqliteReadModels } from '../src/adapters/sqlite/read-models.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { streamOf } from '../src/domain/stream.ts';
import type { DocumentQuery } from '../src/ports/read-models.ts';
import { liveCollections } from '../src/projections/live-collections.ts';
import { startProjectorThread } from '../src/projector-thread.ts';
import { createHistories } from '../src/queries/as-of/histories.ts';
import { createSnapshots } from '../src/queries/as-of/snapshots.ts';
import { GetExecutionHandler } from '../src/queries/executions.handler.ts';
import { GetExecution, GetTimeline } from '../src/queries/history-queries.ts';
import { cursorOf } from '../src/queries/page.ts';
import { GetTimelineHandler } from '../src/queries/timeline.handler.ts';
import { createViews } from '../src/queries/views.ts';
import { viewsFile } from '../src/views-file.ts';
import { percentiles, round, type Latency } from './figures.ts';
import { writeLongExecution, type LongExecution } from './long-execution.ts';
import type { Scenario } from './scenario.ts';

const EVENTS = 1_000_000;
const PAGE = 100;
const TIMES = 200;
const A_DAY = 86_400_000;
const MIB = 1_048_576;
const VIEWS = ['executions', 'timeline'];

/** Memory of the process, the thread that folds included, MiB. */
const memory = (): number => round(process.memoryUsage().rss / MIB);

/** How long something takes, again and again. */
const timesOf = async (work: (n: number) => unknown): Promise<Latency> => {
  const times: number[] = [];
  for (let n = 0; n < TIMES; n += 1) {
    const from = performance.now();
    await work(n);
    times.push(performance.now() - from);
  }
  return percentiles(times);
};

type Parts = Awaited<ReturnType<typeof openParts>>;

const openParts = async (data: string) => {
  const log = await openSqliteLog({ path: data });
  const clock = systemClock();
  const projector = await startProjectorThread(
    { data, wake: log.wake },
    { clock, threads: createThreads(createLogger('error')) },
  );
  const readModels = await openSqliteReadModels({ path: viewsFile(data) });
  const collections = liveCollections(readModels, projector);
  const views = createViews(readModels, collections, (position, names) =>
    projector.waitFor(position, names, A_DAY),
  );
  const histories = createHistories(log, clock, createSnapshots(readModels));
  return {
    log,
    projector,
    histories,
    collections,
    executions: new GetExecutionHandler(views, histories, log),
    timelines: new GetTimelineHandler(views, histories, log),
    async close(): Promise<void> {
      collections.close();
      await projector.stop();
      await readModels.close();
      await log.close();
    },
  };
};

/** Folds it part by part: seconds, and the memory after each. */
const foldAll = async ({ log, projector }: Parts, { id, events }: LongExecution) => {
  const from = performance.now();
  const memories: number[] = [];
  for (let part = 1; part <= 10; part += 1) {
    const revision = Math.ceil((events * part) / 10) - 1;
    const [event] = await log.read(streamOf('execution', id), { from: revision, limit: 1 });
    await projector.waitFor(event?.position ?? 0n, VIEWS, A_DAY);
    memories.push(memory());
  }
  const seconds = (performance.now() - from) / 1_000;
  return { seconds: round(seconds), eventsPerSecond: round(events / seconds), memories };
};

/** The same pages by a select of the database, without anything around it. */
const rawPages = async (data: string, { collections }: Parts, id: string) => {
  const table = tableOf(await collections.of('timeline'));
  const database = new DatabaseSync(viewsFile(data), { readOnly: true });
  const names = database.prepare('SELECT name FROM pragma_table_info(?)').all(table);
  const columns = new Set(names.map(({ name }) => String(name)));
  return {
    page(sequence: number): void {
      const query: DocumentQuery = {
        where: [{ field: 'executionId', op: 'eq', value: id }],
        orderBy: [{ field: 'sequence', direction: 'asc' }],
        after: { values: [sequence], key: '' },
        limit: PAGE + 1,
      };
      const { text, values } = selectOf({ name: table, columns, each: undefined }, query);
      database.prepare(text).all(...values);
    },
    close: () => database.close(),
  };
};

const pagesOf = async (data: string, parts: Parts, { id, events }: LongExecution) => {
  const raw = await rawPages(data, parts, id);
  const name = `timeline:${id}`;
  const at = async (place: (n: number) => number) => {
    const ours = await timesOf((n) => {
      const after = cursorOf(name, { values: [place(n)], key: '' });
      return parts.timelines.execute(new GetTimeline(id, { first: PAGE, after }, undefined));
    });
    const select = await timesOf((n) => raw.page(place(n)));
    return { ...ours, select, ratio: round(ours.p50 / select.p50) };
  };
  try {
    return {
      header: await timesOf(() => parts.executions.execute(new GetExecution(id, undefined))),
      first: await at(() => 0),
      middle: await at(() => Math.floor(events / 2)),
      last: await at(() => events - PAGE),
      any: await at((n) => Math.floor((events * n) / TIMES)),
    };
  } finally {
    raw.close();
  }
};

/** What it was at revisions all over: the first question, which has to fold everything, and all those after it. */
const asOfFigures = async ({ executions, timelines, histories }: Parts, { id, events }: LongExecution) => {
  const revisionOf = (n: number) => (n * 104_729 + 500) % events;
  const asOf = (n: number) => ({ by: 'revision', revision: revisionOf(n) }) as const;
  const before = memory();
  const from = performance.now();
  await executions.execute(new GetExecution(id, undefined, { by: 'revision', revision: events - 1 }));
  const first = round(performance.now() - from);
  const page = { first: PAGE, after: undefined };
  return {
    first,
    memory: { before, after: memory() },
    execution: await timesOf((n) => executions.execute(new GetExecution(id, undefined, asOf(n)))),
    variables: await timesOf((n) => histories.variablesOf(id, revisionOf(n))),
    timeline: await timesOf((n) => timelines.execute(new GetTimeline(id, page, undefined, asOf(n)))),
  };
};

const spread = ({ p50, p99 }: Latency): string => `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;

/** One execution of a million events: its views folded, its timeline read page by page, and what it was all along. */
export const runTimeline: Scenario = async ({ folder, events = EVENTS }) => {
  const data = join(folder, 'timeline');
  const written = await writeLongExecution(data, events);
  const begun = memory();
  const parts = await openParts(data);
  try {
    const folded = await foldAll(parts, written);
    const pages = await pagesOf(data, parts, written);
    const past = await asOfFigures(parts, written);
    const { header, ...places } = pages;
    return {
      lines: [
        `${written.events} events of one execution: folded in ${folded.seconds.toFixed(1)} s (${folded.eventsPerSecond.toFixed(0)} events/s)`,
        `memory: ${begun.toFixed(0)} MiB before, then by tenths ${folded.memories.map((of) => of.toFixed(0)).join(' ')}`,
        `header: ${spread(header)}`,
        ...Object.entries(places).map(
          ([name, { ratio, select, ...ours }]) =>
            `${name} page of ${PAGE}: ${spread(ours)}; a select of it: ${spread(select)} (${ratio} times)`,
        ),
        `as of, the first time: ${past.first.toFixed(0)} ms; memory ${past.memory.before.toFixed(0)} MiB before, ${past.memory.after.toFixed(0)} after`,
        `as of, later: execution ${spread(past.execution)}; variables ${spread(past.variables)}; first page ${spread(past.timeline)}`,
      ],
      figures: { events: written.events, begun, folded, pages, asOf: past },
    };
  } finally {
    await parts.close();
  }
};
