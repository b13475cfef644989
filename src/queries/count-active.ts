import type { ActiveDocument } from '../projections/active.projection.ts';
import type { ActiveCounts, WorkflowActivity } from './queries.ts';

const NONE: ActiveCounts = { queued: 0, running: 0, compensating: 0, paused: 0 };

const byMost = (one: WorkflowActivity, other: WorkflowActivity): number =>
  other.active - one.active || (one.workflow < other.workflow ? -1 : 1);

/** How many executions of all these workflows have not ended, by status. */
export const countActive = (documents: readonly ActiveDocument[]): ActiveCounts =>
  documents.reduce<ActiveCounts>(
    (sum, { queued, running, compensating, paused }) => ({
      queued: sum.queued + queued,
      running: sum.running + running,
      compensating: sum.compensating + compensating,
      paused: sum.paused + paused,
    }),
    NONE,
  );

/** The workflows that executions of have not ended, those with the most first, and else by name. */
export const busiestOf = (documents: readonly ActiveDocument[]): readonly WorkflowActivity[] =>
  // Each tenant has counters of its own.
  [...Map.groupBy(documents, ({ workflow }) => workflow)]
    .map(([workflow, ofTenants]) => {
      const counts = countActive(ofTenants);
      const active = counts.queued + counts.running + counts.compensating + counts.paused;
      return { workflow, active, ...counts };
    })
    .filter(({ active }) => active > 0)
    .sort(byMost);
