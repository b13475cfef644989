import { Rejection } from '../domain/rejection.ts';
import type { Condition } from '../ports/read-models.ts';
import type { DurationsDocument } from '../projections/durations.projection.ts';
import type { IncidentsDocument } from '../projections/incidents.projection.ts';
import type { Window } from '../projections/sum-outcomes.ts';
import { versionKey, type VersionDocument } from '../projections/versions.projection.ts';
import type { Figures } from './measured.ts';
import type { Measured } from './metrics-queries.ts';
import type { Views } from './views.ts';

const within = ({ from, to }: Window): readonly Condition[] => [
  { field: 'bucket', op: 'gte', value: from },
  { field: 'bucket', op: 'lt', value: to },
];

const orderBy = [{ field: 'bucket', direction: 'asc' }] as const;

/** Whether a document is of the version that is asked for. */
type IsOf = (document: { readonly definition: string }) => boolean;

/** Waits for the views, and finds out what is asked for. Rejects with `WORKFLOW_NOT_FOUND`, `VERSION_NOT_FOUND`. */
const look = async (views: Views, { workflow, version, waitFor }: Measured): Promise<IsOf> => {
  await views.reflect(waitFor, 'durations', 'incidents', 'workflows', 'versions');
  await views.requireWorkflow(workflow);
  if (version === undefined) return () => true;
  const found = await views.get<VersionDocument>('versions', versionKey(workflow, version));
  if (found !== undefined) return ({ definition }) => definition === found.doc.definition;
  throw new Rejection(
    'VERSION_NOT_FOUND',
    `Expected the number of a version of "${workflow}", but there is none of ${version}.`,
    { field: 'version', found: version },
  );
};

/** What the views have of an activity, or of whole executions, over a time span. Rejects as `look` does. */
export const readFigures = async (views: Views, of: Measured, window: Window): Promise<Figures> => {
  const isOf = await look(views, of);
  const where: readonly Condition[] = [
    { field: 'workflow', op: 'eq', value: of.workflow },
    { field: 'activity', op: 'eq', value: of.activity ?? '' },
    ...within(window),
  ];
  const [durations, incidents] = await Promise.all([
    views.all<DurationsDocument>('durations', { where, orderBy }),
    views.all<IncidentsDocument>('incidents', { where, orderBy }),
  ]);
  return {
    durations: durations.map(({ doc }) => doc).filter(isOf),
    // What belongs to no version is of every one.
    incidents: incidents.map(({ doc }) => doc).filter((doc) => doc.definition === '' || isOf(doc)),
  };
};

/** What the views have of how long the steps of a workflow took. Rejects as `look` does. */
export const readSteps = async (
  views: Views,
  of: Measured,
  window: Window,
): Promise<readonly DurationsDocument[]> => {
  const isOf = await look(views, of);
  const where: readonly Condition[] = [
    { field: 'workflow', op: 'eq', value: of.workflow },
    ...within(window),
  ];
  const found = await views.all<DurationsDocument>('durations', { where, orderBy });
  return found
    .map(({ doc }) => doc)
    .filter(
      (doc) => doc.step !== '' && isOf(doc) && (of.activity === undefined || doc.activity === of.activity),
    );
};
