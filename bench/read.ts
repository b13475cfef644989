import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteLog } from '../src/adapters/sqlite/event-log.ts';
import { openSqliteReadModels } from '../src/adapters/sqlite/read-models.ts';
import { countExecutions } from '../src/queries/executions/count.ts';
import type { ExecutionsFilter } from '../src/queries/executions/filter.ts';
import type { ExecutionOrder } from '../src/queries/executions/order.ts';
import { findExecutions } from '../src/queries/executions/find.ts';
import type { FindExecutions } from '../src/queries/executions/queries.ts';
import { createViews } from '../src/queries/views.ts';
import { percentiles, round, type Latency } from './figures.ts';
import { combinationsOf, filtersOf } from './read-filters.ts';
import { populate, startOf } from './read-population.ts';
import type { Scenario } from './scenario.ts';

const EXECUTIONS = 1_000_000;
const PAGE = 20;
/** Pages of each list that are read, one behind the other. */
const PAGES = 25;
/** Pages that are read of each list by several filters together, of which there are very many. */
const FIRST_PAGES = 3;

const SORTS = ['startedAt', 'endedAt', 'duration', 'updatedAt', 'workflow', 'status'] as const;
const ORDERS = SORTS.flatMap((by) =>
  (['asc', 'desc'] as const).map((direction): ExecutionOrder => ({ by, direction })),
);

type Find = (query: Pick<FindExecutions, 'filter' | 'order' | 'page'>) => ReturnType<typeof findExecutions>;

interface Walked {
  readonly latencies: readonly number[];
  /** Pages that ended early while there was more. */
  readonly short: number;
}

const walk = async (
  find: Find,
  filter: ExecutionsFilter,
  order: ExecutionOrder,
  pages = PAGES,
): Promise<Walked> => {
  const latencies: number[] = [];
  let [after, short]: [string | undefined, number] = [undefined, 0];
  for (let n = 0; n < pages; n += 1) {
    const from = performance.now();
    const page = await find({ filter, order, page: { first: PAGE, after } });
    latencies.push(performance.now() - from);
    if (!page.hasNextPage) break;
    if (page.items.length < PAGE) short += 1;
    after = page.endCursor ?? page.items.at(-1)?.cursor;
  }
  return { latencies, short };
};

/** Those of the orders that differ in how lists are come by in them. */
const UNLIKE: readonly ExecutionOrder[] = [
  { by: 'startedAt', direction: 'desc' },
  { by: 'duration', direction: 'desc' },
  { by: 'updatedAt', direction: 'asc' },
  { by: 'workflow', direction: 'asc' },
];

/** The first pages by every two and three filters together, whether or not anything meets both. */
const measureCombinations = async (find: Find, executions: number) => {
  const walks: Walked[] = [];
  let [slowest, worst] = ['', 0];
  for (const filter of combinationsOf(executions))
    for (const order of UNLIKE) {
      const walked = await walk(find, filter, order, FIRST_PAGES);
      const longest = Math.max(...walked.latencies);
      if (longest > worst) [slowest, worst] = [JSON.stringify({ filter, order }), longest];
      walks.push(walked);
    }
  const latencies = walks.flatMap((one) => one.latencies);
  const short = walks.reduce((sum, one) => sum + one.short, 0);
  return { pages: latencies.length, short, latency: percentiles(latencies), slowest, worst: round(worst) };
};

/** A page by key of one index and nothing else: what SQLite and parsing take, whoever asks. */
const measureFloor = (file: string, executions: number): Latency => {
  const database = new DatabaseSync(file, { readOnly: true });
  const select = database.prepare(
    `SELECT key, position, doc FROM doc_executions_1 WHERE f_workflow = ? AND f_started$at < ?
      ORDER BY f_started$at DESC, key DESC LIMIT ${PAGE + 1}`,
  );
  const latencies = Array.from({ length: 2_000 }, (_, n) => {
    const from = performance.now();
    const rows = select.all('workflow_0', startOf(((n % 1_000) / 1_000) * executions, executions));
    for (const { doc } of rows) JSON.parse(doc as string);
    return performance.now() - from;
  });
  database.close();
  return percentiles(latencies);
};

const mebibytes = (): number => round(process.memoryUsage().rss / 1_048_576);

/**
 * Lists and counters of executions over very many, which the server's own projections folded straight into the views: every
 * filter in every order, page behind page, beside one keyset select of the same file.
 */
export const runRead: Scenario = async ({ folder, executions = EXECUTIONS }) => {
  const file = join(folder, 'read-views.db');
  const readModels = await openSqliteReadModels({ path: file });
  const log = await openSqliteLog({ path: join(folder, 'read') });
  try {
    const writesPerSecond = await populate(readModels, 'executions_1', 'active_1', executions);
    const collections = { of: (name: string) => Promise.resolve(`${name}_1`), close: () => undefined };
    const views = createViews(readModels, collections, () => Promise.resolve());
    const find: Find = (query) => findExecutions(views, log, { ...query, waitFor: undefined });
    const before = mebibytes();
    const lists = [];
    for (const filter of filtersOf(executions)) {
      const walks: Walked[] = [];
      for (const order of ORDERS) walks.push(await walk(find, filter, order));
      const latencies = walks.flatMap((one) => one.latencies);
      const short = walks.reduce((sum, one) => sum + one.short, 0);
      lists.push({ filter, pages: latencies.length, short, latency: percentiles(latencies), latencies });
    }
    const combinations = await measureCombinations(find, executions);
    const counts: number[] = [];
    for (let n = 0; n < 500; n += 1) {
      const filter: ExecutionsFilter =
        n % 2 === 0 ? {} : { workflow: `workflow_${n % 50}`, status: ['failed'] };
      const from = performance.now();
      await countExecutions(views, { filter, waitFor: undefined });
      counts.push(performance.now() - from);
    }
    const after = mebibytes();
    const floor = measureFloor(file, executions);
    const all = percentiles(lists.flatMap(({ latencies }) => latencies));
    const plain = (await walk(find, { workflow: 'workflow_0' }, { by: 'startedAt', direction: 'desc' }))
      .latencies;
    const ratio = round(percentiles(plain).p50 / floor.p50);
    const figures = lists.map(({ filter, pages: many, short, latency }) => ({
      filter,
      pages: many,
      short,
      latency,
    }));
    return {
      lines: [
        `${executions} executions, written ${writesPerSecond.toFixed(0)}/s`,
        ...figures.map(
          ({ filter, pages: many, short, latency }) =>
            `${JSON.stringify(filter)}: ${many} pages, ${short} short; p50 ${latency.p50.toFixed(2)} ms, p99 ${latency.p99.toFixed(2)} ms`,
        ),
        `two and three filters together: ${combinations.pages} pages, ${combinations.short} short; p50 ${combinations.latency.p50.toFixed(2)} ms, p99 ${combinations.latency.p99.toFixed(2)} ms; slowest ${combinations.worst.toFixed(2)} ms: ${combinations.slowest}`,
        `all: p50 ${all.p50.toFixed(2)} ms, p99 ${all.p99.toFixed(2)} ms; counters p99 ${percentiles(counts).p99.toFixed(2)} ms; floor p50 ${floor.p50.toFixed(2)} ms; memory ${before} to ${after} MiB`,
      ],
      figures: {
        executions,
        writesPerSecond: round(writesPerSecond),
        lists: figures,
        combinations,
        all,
        counters: percentiles(counts),
        floor,
        ratio,
        memory: { before, after },
      },
    };
  } finally {
    await readModels.close();
    await log.close();
  }
};
