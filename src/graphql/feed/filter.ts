import type { RecordedEvent } from '../../domain/event.ts';
import { categoryOf } from '../../domain/stream.ts';
import type { EventFilter } from '../../ports/event-log.ts';

/** Which events a feed carries; a field left out wants all. */
export interface FeedFilter extends EventFilter {
  /** Events of this workflow and of its executions. */
  readonly workflow?: string;
}

/** Whether a filter wants an event. */
export const wantedBy = ({
  categories,
  types,
  stream,
  workflow,
}: FeedFilter): ((event: RecordedEvent) => boolean) => {
  const inCategory = categories && new Set<string>(categories);
  const ofType = types && new Set(types);
  return (event) =>
    (stream === undefined || event.stream === stream) &&
    (workflow === undefined || event.facts['workflow'] === workflow) &&
    (ofType === undefined || ofType.has(event.type)) &&
    (inCategory === undefined || inCategory.has(categoryOf(event.stream)));
};
