import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { NO_INCIDENTS } from '../../../src/projections/incidents.projection.ts';
import { EMPTY_SKETCH } from '../../../src/projections/sketch.ts';
import { GetMetricsHandler } from '../../../src/queries/metrics.handler.ts';
import { GetMonitoringHandler } from '../../../src/queries/monitoring.handler.ts';
import { createHistories } from '../../../src/queries/as-of/histories.ts';
import type { Past } from '../../../src/queries/as-of/past.ts';
import { createSnapshots } from '../../../src/queries/as-of/snapshots.ts';
import { createTallies } from '../../../src/queries/as-of/tallies.ts';
import { NO_TALLY, type Tally } from '../../../src/queries/as-of/tally.ts';
import { createTallySnapshots } from '../../../src/queries/as-of/tally-snapshots.ts';
import { timelineAsOf } from '../../../src/queries/as-of/timeline-as-of.ts';
import { GetTimeline } from '../../../src/queries/history-queries.ts';
import { cursorOf, type PageRequest } from '../../../src/queries/page.ts';
import { GetMetrics, GetSlowestSteps } from '../../../src/queries/metrics-queries.ts';
import { GetMonitoring, GetWorkflows } from '../../../src/queries/queries.ts';
import { GetSlowestStepsHandler } from '../../../src/queries/slowest-steps.handler.ts';
import { GetTimelineHandler } from '../../../src/queries/timeline.handler.ts';
import { GetWorkflowsHandler } from '../../../src/queries/workflows.handler.ts';
import { newDocuments } from '../../conformance/read-models-samples.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { detours, explained, type Explained } from './explained.ts';

const first: PageRequest = { first: 20, after: undefined };
const AT = 1_763_942_400_000;
const DAY = 86_400_000;

const NO_DURATIONS = {
  definition: '',
  step: 'pay',
  completed: EMPTY_SKETCH,
  failed: EMPTY_SKETCH,
  slowest: [],
};

const PAST: Past = {
  revision: 5,
  position: 8n,
  event: 'an-event',
  execution: undefined,
  setAt: new Map([['total', 3]]),
  entries: new Map(),
};

const TALLY: Tally = {
  ...NO_TALLY,
  position: 8n,
  last: { id: 'an-event', stream: 'execution-e1', revision: 5 },
  at: AT,
  latest: AT,
};

const openStore = async (): Promise<Explained> => {
  const store = await explained();
  onTestFinished(() => store.close());
  return store;
};

describe('what the queries ask for is walked to in an index', () => {
  it('a timeline', async () => {
    const store = await openStore();
    const log = await temporaryLog();
    const histories = createHistories(log, systemClock(), createSnapshots(store.readModels));
    for (const after of [undefined, cursorOf('timeline:e1', { values: [3], key: 'x' })]) {
      const query = new GetTimeline('e1', { first: 20, after }, undefined);
      await new GetTimelineHandler(store.views, histories, log).execute(query).catch(() => undefined);
    }
    expect(detours(store.plansOf('timeline'))).toEqual([]);
  });

  it('a timeline as it was, and the nearest snapshot', async () => {
    const store = await openStore();
    const snapshots = createSnapshots(store.readModels);
    const histories = createHistories(await temporaryLog(), systemClock(), snapshots);
    const moment = { revision: 7, position: 9n, has: () => true };
    for (const after of [undefined, cursorOf('timeline:e1:7', { values: [3], key: 'x' })])
      await timelineAsOf(store.views, histories, 'e1', moment, { first: 20, after });
    await snapshots.keep('e1', [PAST]);
    expect(await snapshots.before('e1', 7)).toEqual(PAST);
    expect(detours(store.plansOf('timeline'))).toEqual([]);
    expect(detours(store.plansOf('snapshots'))).toEqual([]);
  });

  it('the nearest tally up to a position, and up to a time', async () => {
    const store = await openStore();
    const snapshots = createTallySnapshots(store.readModels);
    await snapshots.keep(TALLY);
    for (const until of [{ position: 8n }, { position: 9n }, { latest: AT }])
      expect(await snapshots.before(until, AT)).toEqual(TALLY);
    for (const until of [{ position: 7n }, { latest: AT - 1 }])
      expect(await snapshots.before(until, AT)).toBeUndefined();
    expect(detours(store.plansOf('tallies'))).toEqual([]);
  });

  it('outcomes of a workflow and of all, durations', async () => {
    const store = await openStore();
    const tallies = createTallies(
      await temporaryLog(),
      systemClock(),
      createTallySnapshots(store.readModels),
    );
    const limits = { mostAtOnce: () => undefined };
    const monitoring = new GetMonitoringHandler(store.views, systemClock(), limits, tallies);
    await monitoring.execute(new GetMonitoring('ship', 'Europe/Paris', undefined));
    await monitoring.execute(new GetMonitoring(undefined, 'UTC', undefined));
    const metrics = new GetMetricsHandler(store.views, systemClock());
    await metrics.execute(new GetMetrics({ workflow: 'ship' }));
    await metrics.execute(
      new GetMetrics({ workflow: 'ship', activity: 'pay', from: AT, to: AT + 3_600_000 }),
    );
    expect(detours(store.plansOf('outcomes'))).toEqual([]);
    await new GetSlowestStepsHandler(store.views, systemClock()).execute(
      new GetSlowestSteps({ workflow: 'ship' }, 0.95, 10),
    );
    expect(detours(store.plansOf('durations'))).toEqual([]);
    expect(detours(store.plansOf('incidents'))).toEqual([]);
  });

  it('durations and incidents of a long time, page after page of what there is of them', async () => {
    const store = await openStore();
    const of = { workflow: 'ship', from: AT - 3_650 * DAY, to: AT + 1 };
    const quarters = Array.from({ length: 1_200 }, (_, n) => AT - n * 3 * DAY - (n % 96) * 900_000);
    const docs = quarters.map((bucket, n): [string, JsonObject] => [
      `k${n}`,
      { ...NO_DURATIONS, ...NO_INCIDENTS, workflow: 'ship', activity: n % 2 === 0 ? 'pay' : '', bucket },
    ]);
    for (const view of ['durations_1', 'incidents_1'])
      await store.readModels.write(view, newDocuments(Object.fromEntries(docs)));
    const clock = systemClock();
    const [metrics, steps] = [
      new GetMetricsHandler(store.views, clock),
      new GetSlowestStepsHandler(store.views, clock),
    ];
    const pagesOf = async (ask: () => Promise<unknown>): Promise<readonly number[]> => {
      store.forget();
      await ask();
      const asked = ['durations', 'incidents'].map((view) => store.queriesOf(view));
      expect(asked.flat().flatMap(({ steps }) => detours(steps))).toEqual([]);
      return asked.map(({ length }) => length);
    };
    // Of 600 documents two pages each, however much longer the time is than what is there.
    expect(await pagesOf(() => metrics.execute(new GetMetrics({ ...of, activity: 'pay' })))).toEqual([2, 2]);
    expect(await pagesOf(() => steps.execute(new GetSlowestSteps(of, 0.95, 10)))).toEqual([3, 0]);
    const pay = new GetSlowestSteps({ ...of, activity: 'pay' }, 0.95, 10);
    expect(await pagesOf(() => steps.execute(pay))).toEqual([2, 0]);
  });

  it('workflows by name', async () => {
    const store = await openStore();
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
