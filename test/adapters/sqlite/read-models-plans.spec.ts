import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FIELD_FUNCTION } from '../../../src/adapters/sqlite/read-models-conditions.ts';
import { tableOf } from '../../../src/adapters/sqlite/read-models-names.ts';
import { selectOf } from '../../../src/adapters/sqlite/read-models-query.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import type { DocumentQuery, ReadModels } from '../../../src/ports/read-models.ts';
import { PROJECTIONS } from '../../../src/projections/catalogue.ts';
import { cursorOf, type PageRequest } from '../../../src/queries/page.ts';
import { FindExecutionsHandler } from '../../../src/queries/executions.handler.ts';
import { GetMetricsHandler } from '../../../src/queries/metrics.handler.ts';
import { GetMonitoringHandler } from '../../../src/queries/monitoring.handler.ts';
import {
  FindExecutions,
  GetMetrics,
  GetMonitoring,
  GetTimeline,
  GetWorkflows,
  type ExecutionsFilter,
} from '../../../src/queries/queries.ts';
import { GetTimelineHandler } from '../../../src/queries/timeline.handler.ts';
import { createViews, type Views } from '../../../src/queries/views.ts';
import { GetWorkflowsHandler } from '../../../src/queries/workflows.handler.ts';
import { newDocuments } from '../../conformance/read-models-samples.ts';
import { temporaryReadModels } from './temporary-read-models.ts';

/** Read models with the catalogue's collections, every query of which is explained. */
interface Explained {
  readonly views: Views;
  /** Steps of the plans of the queries that were made of a view, as SQLite says them. */
  plansOf(view: string): readonly string[];
}

const explained = async (): Promise<Explained> => {
  const { path, readModels, close } = await temporaryReadModels();
  for (const { name, indexes } of PROJECTIONS) await readModels.prepare(`${name}_1`, indexes);
  const workflow = { workflow: 'ship', definition: 'sha256:1', versions: 1 };
  await readModels.write('workflows_1', newDocuments({ ship: workflow }));
  const database = new DatabaseSync(path, { readOnly: true });
  onTestFinished(async () => {
    database.close();
    await close();
  });
  database.function(FIELD_FUNCTION, { deterministic: true }, (_doc, _field) => null);
  const plans = new Map<string, string[]>();
  const explain = (collection: string, query: DocumentQuery): void => {
    const table = tableOf(collection);
    const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all(table);
    const { text, values } = selectOf(table, new Set(columns.map(({ name }) => name as string)), query);
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values);
    plans.set(collection, [
      ...(plans.get(collection) ?? []),
      ...steps.map(({ detail }) => (detail as string).replaceAll(/ doc_\w+?_1(?=\b|:)/g, ' t')),
    ]);
  };
  const watched: ReadModels = {
    ...readModels,
    find: (collection, query) => {
      explain(collection, query);
      return readModels.find(collection, query);
    },
  };
  const collections = { of: async (name: string) => `${name}_1`, close: () => undefined };
  return {
    views: createViews(watched, collections, () => Promise.resolve()),
    plansOf: (view) => plans.get(`${view}_1`) ?? [],
  };
};

const first: PageRequest = { first: 20, after: undefined };
const AT = 1_763_942_400_000;

const WALK = /^(SEARCH t USING INDEX|MERGE \(UNION ALL\)|LEFT|RIGHT)/;

/** What a plan does besides walking indexes from where the query begins to its limit: searches through all, sorts. */
const detours = (steps: readonly string[]): readonly string[] =>
  steps.length === 0 ? ['no plan'] : steps.filter((step) => !WALK.test(step));

describe('what the queries ask for is walked to in an index', () => {
  const from: ExecutionsFilter = { startedFrom: AT, startedBefore: AT + 1 };
  const filters: readonly ExecutionsFilter[] = [
    from,
    { workflow: 'ship' },
    { status: ['failed'] },
    { status: ['failed', 'cancelled', 'running'] },
    { workflow: 'ship', status: ['failed'] },
    { workflow: 'ship', status: ['failed', 'cancelled'], ...from },
    { workflow: 'ship', trigger: 'manual', errorType: 'Oops' },
    { status: ['running'], startedBefore: AT },
  ];
  const pages = filters.flatMap((filter) =>
    (['asc', 'desc'] as const).flatMap((direction) => [
      { filter, direction, page: first },
      {
        filter,
        direction,
        page: { first: 20, after: cursorOf(`executions:${direction}`, { values: [AT], key: 'x' }) },
      },
    ]),
  );

  it.each(pages)('executions with $filter, $direction, $page', async ({ filter, direction, page }) => {
    const store = await explained();
    await new FindExecutionsHandler(store.views).execute(
      new FindExecutions(filter, direction, page, undefined),
    );
    expect(detours(store.plansOf('executions'))).toEqual([]);
  });

  it('all executions, newest first, from the end of an index', async () => {
    const store = await explained();
    await new FindExecutionsHandler(store.views).execute(new FindExecutions({}, 'desc', first, undefined));
    expect(store.plansOf('executions')).toEqual(['SCAN t USING INDEX t:f_started$at']);
  });

  it('a timeline', async () => {
    const store = await explained();
    for (const after of [undefined, cursorOf('timeline:e1', { values: [3], key: 'x' })]) {
      const query = new GetTimeline('e1', { first: 20, after }, undefined);
      await new GetTimelineHandler(store.views).execute(query).catch(() => undefined);
    }
    expect(detours(store.plansOf('timeline'))).toEqual([]);
  });

  it('outcomes of a workflow and of all, durations', async () => {
    const store = await explained();
    const monitoring = new GetMonitoringHandler(store.views, systemClock(), { mostAtOnce: () => undefined });
    await monitoring.execute(new GetMonitoring('ship', 'Europe/Paris', undefined));
    await monitoring.execute(new GetMonitoring(undefined, 'UTC', undefined));
    const metrics = new GetMetricsHandler(store.views, systemClock());
    await metrics.execute(new GetMetrics({ workflow: 'ship' }));
    await metrics.execute(
      new GetMetrics({ workflow: 'ship', activity: 'pay', from: AT, to: AT + 3_600_000 }),
    );
    expect(detours(store.plansOf('outcomes'))).toEqual([]);
    expect(detours(store.plansOf('durations'))).toEqual([]);
  });

  it('workflows by name', async () => {
    const store = await explained();
    const handler = new GetWorkflowsHandler(store.views);
    await handler.execute(new GetWorkflows(first, undefined));
    const after = cursorOf('workflows', { values: [], key: 'a' });
    await handler.execute(new GetWorkflows({ first: 20, after }, undefined));
    expect(store.plansOf('workflows')).toEqual([
      expect.stringMatching(/^SCAN t USING INDEX sqlite_autoindex/),
      expect.stringMatching(/^SEARCH t USING INDEX sqlite_autoindex.* \(key>\?\)$/),
    ]);
  });
});
