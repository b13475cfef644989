import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { GetMetricsHandler } from '../../../src/queries/metrics.handler.ts';
import { GetMonitoringHandler } from '../../../src/queries/monitoring.handler.ts';
import { cursorOf, type PageRequest } from '../../../src/queries/page.ts';
import { GetMetrics, GetMonitoring, GetTimeline, GetWorkflows } from '../../../src/queries/queries.ts';
import { GetTimelineHandler } from '../../../src/queries/timeline.handler.ts';
import { GetWorkflowsHandler } from '../../../src/queries/workflows.handler.ts';
import { detours, explained, type Explained } from './explained.ts';

const first: PageRequest = { first: 20, after: undefined };
const AT = 1_763_942_400_000;

const openStore = async (): Promise<Explained> => {
  const store = await explained();
  onTestFinished(() => store.close());
  return store;
};

describe('what the queries ask for is walked to in an index', () => {
  it('a timeline', async () => {
    const store = await openStore();
    for (const after of [undefined, cursorOf('timeline:e1', { values: [3], key: 'x' })]) {
      const query = new GetTimeline('e1', { first: 20, after }, undefined);
      await new GetTimelineHandler(store.views).execute(query).catch(() => undefined);
    }
    expect(detours(store.plansOf('timeline'))).toEqual([]);
  });

  it('outcomes of a workflow and of all, durations', async () => {
    const store = await openStore();
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
