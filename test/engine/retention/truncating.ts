import type { RetainerOptions } from '../../../src/engine/retention/retainer.ts';
import { isCondensed } from '../../../src/domain/truncation/condensed.ts';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import { START, type EventLog } from '../../../src/ports/event-log.ts';
import { subscribeWhole } from '../../../src/ports/whole-log.ts';
import { PROJECTIONS } from '../../../src/projections/catalogue.ts';
import { liveDocuments, type Documents } from '../../projections/stores.ts';
import * as s from '../../projections/samples.ts';
import { CALLER } from '../../spec/engine.ts';
import { happened } from '../../spec/given.ts';
import { openRetaining, ran, type Retaining } from './retaining.ts';

const NAMES = PROJECTIONS.map(({ name }) => name);
const DAY = 86_400_000;

/** Everything that a log has or had, in its order. */
export const wholeOf = async (log: EventLog): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  const { signal } = new AbortController();
  for await (const batch of subscribeWhole(log, { after: START, signal })) {
    events.push(...batch.events);
    if (batch.caughtUp) break;
  }
  return events;
};

/** What of events is kept of those that are given up. */
export const inBrief = (events: readonly RecordedEvent[]) =>
  events.map(({ position, stream, revision, id, type, facts, commit }) => ({
    position,
    stream,
    revision,
    id,
    type,
    facts,
    at: commit.metadata.at,
    tenant: commit.metadata.tenant,
    actor: commit.metadata.actor,
    definition: commit.metadata.definition,
    size: commit.size,
    first: commit.revision,
  }));

/** Executions that have run in many ways, of which those of `ship_order` were removed. */
export const openTruncating = async () => {
  const at = await openRetaining();
  await at.happen(
    happened('workflow-ship_order', 0, s.registered(1)),
    ...ran('a'),
    ...ran('b', DAY / 100),
    happened('execution-c', 3, s.started(), s.stepStarted('pay')),
    happened('execution-c', 5, s.retryScheduled('pay', 1, 1, 100)),
    happened('execution-d', 5, s.started('refund'), s.stepStarted('pay'), s.stepCompleted('pay', 1)),
    happened('execution-c', 6, s.stepStarted('pay', 2), s.stepCompleted('pay', 2, 2)),
    happened('execution-c', 7, s.completed(3, 4)),
    happened('execution-e', 8, s.started(), s.stepStarted('pay'), s.stepFailed('pay', 3)),
    happened('execution-e', 9, s.failed(8, 1)),
    happened('notification-n1', 9, s.notificationRequested('a')),
    happened('notification-n1', 10, s.notificationSent('a', 1)),
    happened('execution-d', 11, s.completed(5, 6)),
  );
  await at.retain();
  /** Of all views, but for what is on record of what operators have done, which goes on. */
  const views = async (): Promise<Readonly<Record<string, Documents>>> => {
    await at.caughtUp();
    const { audit, ...views } = await liveDocuments(at.readModels);
    return {
      ...views,
      audited: Object.fromEntries(
        Object.entries(audit ?? {}).filter(([key]) => !key.startsWith('truncation')),
      ),
    };
  };
  return {
    ...at,
    views,
    truncate: async (
      more: Partial<RetainerOptions> = {},
      request: { before?: number; dryRun?: boolean } = {},
    ) => {
      const outcome = await at
        .another(more)
        .truncate({ workflow: 'ship_order', dryRun: false, ...request }, CALLER);
      await at.caughtUp();
      return outcome;
    },
    /** Folds all views anew, and answers the documents that differ from those that were live. */
    differing: async () => {
      await at.caughtUp();
      const outcomes = await at.projector.rebuildAll(NAMES);
      return outcomes.flatMap(({ name, rebuilt, error }) =>
        rebuilt?.comparison?.differing === 0
          ? []
          : [{ name, differences: rebuilt?.comparison?.differences, error }],
      );
    },
    /** Revisions that are left of streams. */
    left: async (ids: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>> =>
      Object.fromEntries(
        await Promise.all(
          ids.map(
            async (id) =>
              [
                id,
                (await at.log.read(`execution-${id}`)).map(({ revision, type }) => `${revision} ${type}`),
              ] as const,
          ),
        ),
      ),
    condensed: async (): Promise<number> => (await wholeOf(at.log)).filter(isCondensed).length,
  };
};

/** What `openTruncating` opens. */
export type Truncating = Awaited<ReturnType<typeof openTruncating>> & Retaining;
