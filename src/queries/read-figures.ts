import type { Condition } from '../ports/read-models.ts';
import type { DurationsDocument } from '../projections/durations.projection.ts';
import { NO_INCIDENTS, type Incidents, type IncidentsDocument } from '../projections/incidents.projection.ts';
import { mergeDurations, type Durations } from '../projections/merge-durations.ts';
import { mergeIncidents } from '../projections/merge-incidents.ts';
import type { Window } from '../projections/sum-outcomes.ts';
import type { Figures } from './measured.ts';
import { mergePages } from './merge-pages.ts';
import type { Measured } from './metrics-queries.ts';
import type { Views, WholeQuery } from './views.ts';

/** What the views have of an activity (`''` for whole executions), or of everything in a workflow, by time. */
const queryOf = ({ workflow }: Measured, activity: string | undefined, { from, to }: Window): WholeQuery => ({
  where: [
    { field: 'workflow', op: 'eq', value: workflow },
    ...(activity === undefined ? [] : [{ field: 'activity', op: 'eq', value: activity } as const]),
    { field: 'bucket', op: 'gte', value: from },
    { field: 'bucket', op: 'lt', value: to },
  ] satisfies readonly Condition[],
  orderBy: [{ field: 'bucket', direction: 'asc' }],
});

/** Whether a document is of the version that is asked for. */
type IsOf = (document: { readonly definition: string }) => boolean;

/** Waits for the views, and finds out what is asked for. Rejects with `WORKFLOW_NOT_FOUND`, `VERSION_NOT_FOUND`. */
const look = async (views: Views, { workflow, version, waitFor }: Measured): Promise<IsOf> => {
  await views.reflect(waitFor, 'durations', 'incidents', 'workflows', 'versions');
  if (version === undefined) {
    await views.requireWorkflow(workflow);
    return () => true;
  }
  const found = await views.requireVersion(
    { field: 'workflow', value: workflow },
    { field: 'version', value: version },
  );
  return ({ definition }) => definition === found.definition;
};

/**
 * What the views have of an activity, or of whole executions, over a time span: of each part of so many ms that it is made
 * of, by the part's number from 0 on. Rejects as `look` does.
 */
export const readFigures = async (
  views: Views,
  of: Measured,
  window: Window,
  part: number,
): Promise<(n: number) => Figures> => {
  const isOf = await look(views, of);
  const query = queryOf(of, of.activity ?? '', window);
  const partOf = ({ bucket }: { readonly bucket: number }): number =>
    Math.floor((bucket - window.from) / part);
  const [durations, incidents] = await Promise.all([
    mergePages<DurationsDocument, number, Durations>(views.pages('durations', query), {
      keyOf: (doc) => (isOf(doc) ? partOf(doc) : undefined),
      merge: mergeDurations,
    }),
    mergePages<IncidentsDocument, number, Incidents>(views.pages('incidents', query), {
      // What belongs to no version is of every one.
      keyOf: (doc) => (doc.definition === '' || isOf(doc) ? partOf(doc) : undefined),
      merge: mergeIncidents,
    }),
  ]);
  const nothing = mergeDurations([]);
  return (n) => ({ durations: durations.get(n) ?? nothing, incidents: incidents.get(n) ?? NO_INCIDENTS });
};

/** How long the attempts of an activity at a step took. */
export interface StepDurations extends Durations {
  readonly step: string;
  readonly activity: string;
}

/** What the views have of how long the steps of a workflow took, those of which `isWanted`. Rejects as `look` does. */
export const readSteps = async (
  views: Views,
  of: Measured,
  window: Window,
  isWanted: (doc: DurationsDocument) => boolean,
): Promise<readonly StepDurations[]> => {
  const isOf = await look(views, of);
  const query = queryOf(of, of.activity, window);
  const steps = await mergePages<DurationsDocument, string, StepDurations>(views.pages('durations', query), {
    keyOf: (doc) =>
      doc.step !== '' && isOf(doc) && isWanted(doc) ? `${doc.step}:${doc.activity}` : undefined,
    merge: (parts) => {
      const { step, activity } = parts[0] as StepDurations;
      return { step, activity, ...mergeDurations(parts) };
    },
  });
  return [...steps.values()];
};
