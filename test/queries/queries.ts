import type { Query } from '@nestjs/cqrs';
import { onTestFinished } from 'vitest';
import type { StreamHead } from '../../src/domain/chain.ts';
import type { ActiveStatus } from '../../src/domain/execution/events.ts';
import type { Activities } from '../../src/ports/activities.ts';
import type { RouteOwners } from '../../src/ports/route-owners.ts';
import type { Scheduling } from '../../src/ports/scheduling.ts';
import type { WorkflowLimits } from '../../src/ports/workflow-limits.ts';
import type { WorkflowChildren } from '../../src/ports/workflow-children.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { liveCollections } from '../../src/projections/live-collections.ts';
import type { Projector } from '../../src/projections/projector.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import type { EventOf } from '../../src/domain/registry.ts';
import { SILENT_NOTIFIER } from '../spec/silent-notifier.ts';
import { CountChildrenHandler, FindChildrenHandler } from '../../src/queries/children.handler.ts';
import {
  CountChildren,
  FindChildren,
  FindNotificationsOf,
  FindTimelines,
  GetVersions,
} from '../../src/queries/each-queries.ts';
import { FindLogsHandler } from '../../src/queries/logs.handler.ts';
import {
  FindNotificationsHandler,
  FindNotificationsOfHandler,
} from '../../src/queries/notifications.handler.ts';
import { CheckDefinitionHandler } from '../../src/queries/check-definition.handler.ts';
import { FindApprovalsHandler } from '../../src/queries/approvals.handler.ts';
import { GetEventsHandler } from '../../src/queries/events.handler.ts';
import { CountExecutionsHandler } from '../../src/queries/executions/count.handler.ts';
import { CountExecutions, FindExecutions } from '../../src/queries/executions/queries.ts';
import { FindExecutionsHandler, GetExecutionHandler } from '../../src/queries/executions.handler.ts';
import { GetMetricsHandler, GetMetricsSeriesHandler } from '../../src/queries/metrics.handler.ts';
import { GetSlowestStepsHandler } from '../../src/queries/slowest-steps.handler.ts';
import { GetMonitoringHandler } from '../../src/queries/monitoring.handler.ts';
import type { Page, PageRequest } from '../../src/queries/page.ts';
import { GetProjectionsHandler } from '../../src/queries/projections.handler.ts';
import * as history from '../../src/queries/history-queries.ts';
import * as measures from '../../src/queries/metrics-queries.ts';
import * as queries from '../../src/queries/queries.ts';
import { GetTimelineHandler } from '../../src/queries/timeline.handler.ts';
import { FindTimelinesHandler } from '../../src/queries/timelines.handler.ts';
import { GetIdleHandler } from '../../src/queries/idle.handler.ts';
import { GetVariablesHandler } from '../../src/queries/variables.handler.ts';
import { createHistories } from '../../src/queries/as-of/histories.ts';
import { createSnapshots } from '../../src/queries/as-of/snapshots.ts';
import { createTallies } from '../../src/queries/as-of/tallies.ts';
import { createTallySnapshots } from '../../src/queries/as-of/tally-snapshots.ts';
import { createViews, type Views } from '../../src/queries/views.ts';
import { GetScheduleHandler } from '../../src/queries/schedules.handler.ts';
import { GetVersionsHandler } from '../../src/queries/versions.handler.ts';
import { GetWorkflowHandler, GetWorkflowsHandler } from '../../src/queries/workflows.handler.ts';
import { appendAll, openStores, type Stores } from '../projections/stores.ts';
import { DEFINITION, registered, WORKFLOW } from '../projections/samples.ts';
import { handClock, type HandClock } from '../spec/clock.ts';
import { happened, sealAll, type Happened } from '../spec/given.ts';

/** Milliseconds that a query waits for the views. */
export const WAIT = 5_000;

/** Queries over embedded stores, which a projector keeps up with the log. */
export interface Queries extends Stores {
  readonly clock: HandClock;
  readonly projector: Projector;
  readonly views: Views;
  /** Appends what happened; answers the log's end once all projections are there. */
  happen(...history: readonly Happened[]): Promise<bigint>;
  /** Appends what happened, and waits for nothing. */
  append(...history: readonly Happened[]): Promise<bigint>;
  ask<T>(query: Query<T>): Promise<T>;
}

/** Of the requests there is one that starts a workflow. */
const REGISTERED: RouteOwners & WorkflowChildren = {
  childrenOf: (workflow) => (workflow === 'circle' ? ['ship_order'] : undefined),
  takenBy: ({ path }, workflow) => (path === '/taken' && workflow !== 'owner' ? 'owner' : undefined),
};

/** No workflow has a schedule. */
const LIMITS: WorkflowLimits = { mostAtOnce: (workflow) => (workflow === 'few' ? 5 : undefined) };
const UNSCHEDULED: Scheduling = { scheduled: () => undefined, scheduledWorkflows: () => [] };

/** Opens queries for this test at a time (ISO 8601); stores, projector and all go with it. */
export const openQueries = async (
  now = '2026-01-31T10:07:00Z',
  scheduling: Scheduling = UNSCHEDULED,
): Promise<Queries> => {
  const stores = await openStores();
  const { log, readModels } = stores;
  const clock = handClock(Date.parse(now));
  const projector = startProjector({ log, readModels, projections: PROJECTIONS, clock, dense: true });
  const collections = liveCollections(readModels, projector);
  const views = createViews(readModels, collections, (position, names) =>
    projector.waitFor(position, names, WAIT),
  );
  const histories = createHistories(log, clock, createSnapshots(readModels));
  const tallies = createTallies(log, clock, createTallySnapshots(readModels));
  const handlers = new Map<unknown, { execute(query: never): Promise<unknown> }>([
    [queries.GetWorkflows, new GetWorkflowsHandler(views)],
    [queries.GetWorkflow, new GetWorkflowHandler(views)],
    [
      queries.CheckDefinition,
      new CheckDefinitionHandler(views, activitiesOf('notify'), REGISTERED, SILENT_NOTIFIER),
    ],
    [GetVersions, new GetVersionsHandler(views)],
    [queries.GetSchedule, new GetScheduleHandler(views, scheduling, clock)],
    [history.GetExecution, new GetExecutionHandler(views, histories, log)],
    [FindExecutions, new FindExecutionsHandler(views, log)],
    [CountExecutions, new CountExecutionsHandler(views)],
    [queries.FindNotifications, new FindNotificationsHandler(views)],
    [FindNotificationsOf, new FindNotificationsOfHandler(views)],
    [FindChildren, new FindChildrenHandler(views, log)],
    [CountChildren, new CountChildrenHandler(views)],
    [queries.FindLogs, new FindLogsHandler(views, log)],
    [queries.FindApprovals, new FindApprovalsHandler(views)],
    [history.GetTimeline, new GetTimelineHandler(views, histories, log)],
    [FindTimelines, new FindTimelinesHandler(views, histories, log)],
    [history.GetIdle, new GetIdleHandler(views, histories)],
    [history.GetVariables, new GetVariablesHandler(histories)],
    [queries.GetEvents, new GetEventsHandler(log, views)],
    [queries.GetMonitoring, new GetMonitoringHandler(views, clock, LIMITS, tallies)],
    [measures.GetMetrics, new GetMetricsHandler(views, clock)],
    [measures.GetMetricsSeries, new GetMetricsSeriesHandler(views, clock)],
    [measures.GetSlowestSteps, new GetSlowestStepsHandler(views, clock)],
    [queries.GetProjections, new GetProjectionsHandler(projector)],
  ]);
  onTestFinished(async () => {
    collections.close();
    await projector.stop();
    await stores.close();
  });
  const heads = new Map<string, StreamHead>();
  const append = (...history: readonly Happened[]) => appendAll(log, sealAll(history, heads));
  return {
    ...stores,
    clock,
    projector,
    views,
    append,
    happen: async (...history) => {
      const end = await append(...history);
      await projector.waitFor(
        end,
        PROJECTIONS.map(({ name }) => name),
        60_000,
      );
      return end;
    },
    ask: <T>(query: Query<T>) => {
      const handler = handlers.get(query.constructor);
      if (handler === undefined) throw new TypeError(`Expected a handler of ${query.constructor.name}.`);
      return handler.execute(query as never) as Promise<T>;
    },
  };
};

/** Activities of these names, which are never called. */
const activitiesOf = (...names: readonly string[]): Activities => ({
  find: (name) => (names.includes(name) ? { name, run: () => null } : undefined),
  names: () => names,
});

/** The first so many of a list, or those behind a cursor. */
export const first = (many: number, after?: string): PageRequest => ({ first: many, after });

/** Every page of a list, in pages of so many. */
export const pagesOf = async <T>(
  many: number,
  ask: (page: PageRequest) => Promise<Page<T>>,
): Promise<readonly (readonly T[])[]> => {
  const pages: (readonly T[])[] = [];
  for (let after: string | undefined; ;) {
    const { items, hasNextPage } = await ask(first(many, after));
    pages.push(items.map(({ node }) => node));
    if (!hasNextPage) return pages;
    after = items.at(-1)?.cursor;
  }
};

/** A time as ms since the Unix epoch. */
export const at = (iso: string): number => Date.parse(iso);

/** A workflow was registered, so that it can be asked for. */
export const known = (workflow = WORKFLOW): Happened => {
  const event = registered(1);
  return happened(`workflow-${workflow}`, 0, { ...event, facts: { ...event.facts, workflow } });
};

/** How an execution ended, as facts of a workflow. */
export const ending = (workflow: string, end: number, duration: number, from: ActiveStatus = 'running') => ({
  workflow,
  definition: DEFINITION,
  startedAt: end - duration,
  duration,
  from,
});

/** An execution of a workflow completed. */
export const completedOf = (
  workflow: string,
  end: number,
  duration: number,
): EventOf<'execution.completed'> => ({
  type: 'execution.completed',
  facts: ending(workflow, end, duration),
});

/** An execution of a workflow failed. */
export const failedOf = (workflow: string, end: number, duration: number): EventOf<'execution.failed'> => ({
  type: 'execution.failed',
  facts: { ...ending(workflow, end, duration), step: 'pay', errorType: 'Oops', uncompensated: [] },
  payload: { error: { type: 'Oops', message: 'It went wrong.' } },
});
