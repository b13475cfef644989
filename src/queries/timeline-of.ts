import type { TimelineDocument } from '../projections/timeline-document.ts';
import type { ViewList } from './find-page.ts';

/** The entries of an execution's timeline in their order. */
export const timelineOf = (executionId: string): ViewList<TimelineDocument> => ({
  view: 'timeline',
  name: `timeline:${executionId}`,
  where: [{ field: 'executionId', op: 'eq', value: executionId }],
  by: { field: 'sequence', direction: 'asc' },
});
