import type { RecordedEvent } from '../../../src/domain/event.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import type { ReadModels } from '../../../src/ports/read-models.ts';
import { PROJECTIONS } from '../../../src/projections/catalogue.ts';
import { liveCollections } from '../../../src/projections/live-collections.ts';
import { startProjector } from '../../../src/projections/run-projections.ts';
import type { AsOf } from '../../../src/queries/as-of/as-of.ts';
import { createHistories, type Spacing } from '../../../src/queries/as-of/histories.ts';
import { createSnapshots } from '../../../src/queries/as-of/snapshots.ts';
import { GetExecutionHandler } from '../../../src/queries/executions.handler.ts';
import { GetExecution, GetTimeline } from '../../../src/queries/history-queries.ts';
import { GetTimelineHandler } from '../../../src/queries/timeline.handler.ts';
import { createViews } from '../../../src/queries/views.ts';
import { documentsIn, stateOf } from '../../replay/fold-history.ts';
import { recordedEvents, sealedCommits, type History } from '../../replay/history.ts';
import { handClock } from '../../spec/clock.ts';
import { pagesOf } from '../queries.ts';

/** Snapshots wherever there can be one. */
export const DENSE: Spacing = { every: 1, each: 0 };
/** None, in histories as short as these. */
export const NEVER: Spacing = { every: 1_000_000, each: 1 };

const LATER = Date.parse('2100-01-01T00:00:00Z');

/** What an execution was, by what is asked for; `undefined` before its start. */
export interface Asked {
  asOf(moment: AsOf): Promise<unknown>;
  close(): Promise<void>;
}

/** Appends a history to an empty log, folds the views of it, and answers what it was. */
export const askHistory = async (
  history: History,
  { log, readModels }: { readonly log: EventLog; readonly readModels: ReadModels },
  spacing: Spacing,
): Promise<Asked> => {
  for (const commit of sealedCommits(history)) await log.append(commit);
  const clock = handClock(LATER);
  const projector = startProjector({ log, readModels, projections: PROJECTIONS, clock, dense: true });
  const collections = liveCollections(readModels, projector);
  const views = createViews(readModels, collections, (position, names) =>
    projector.waitFor(position, names, 60_000),
  );
  await views.reflect(await log.end(), 'timeline');
  const histories = createHistories(log, clock, createSnapshots(readModels), spacing);
  const executions = new GetExecutionHandler(views, histories, log);
  const timelines = new GetTimelineHandler(views, histories, log);
  const id = history.executionId;

  return {
    async asOf(moment) {
      const execution = await executions.execute(new GetExecution(id, undefined, moment));
      if (execution === undefined) return undefined;
      const pages = await pagesOf(3, (page) =>
        timelines.execute(new GetTimeline(id, page, undefined, moment)),
      );
      const timeline = pages.flat().map(({ key, doc }) => [key, doc]);
      const variables = await histories.variablesOf(id, execution.doc.revision);
      return { execution: execution.doc, timeline, variables };
    },
    async close() {
      collections.close();
      await projector.stop();
    },
  };
};

/** The same, of the events that had happened by then, folded from the first one on. */
export const foldedFrom = (events: readonly RecordedEvent[], id: string): unknown => {
  const { executions = {}, timeline = {} } = documentsIn(events);
  const execution = executions[id];
  if (execution === undefined) return undefined;
  const entries = Object.entries(timeline)
    .filter(([, doc]) => doc['executionId'] === id)
    .sort(([a, one], [b, other]) => Number(one['sequence']) - Number(other['sequence']) || (a < b ? -1 : 1));
  return { execution, timeline: entries, variables: stateOf(events, id).variables };
};

/** Every moment that a history can be looked at, and the events that had happened by then. */
export const momentsOf = (
  history: History,
): readonly { readonly moment: AsOf; readonly events: readonly RecordedEvent[] }[] => {
  const events = recordedEvents(history);
  const own = events.filter(({ stream }) => stream === `execution-${history.executionId}`);
  const before = (last: bigint) => events.filter(({ position }) => position <= last);
  const times = new Set(events.map(({ commit }) => commit.metadata.at));
  return [
    ...own.map(({ revision, position }) => ({
      moment: { by: 'revision', revision } as const,
      events: before(position),
    })),
    ...events.map(({ position }) => ({
      moment: { by: 'position', position } as const,
      events: before(position),
    })),
    ...[...times].map((at) => ({
      moment: { by: 'at', at } as const,
      events: events.filter(({ commit }) => commit.metadata.at <= at),
    })),
  ];
};
