import type { RecordedEvent } from '../domain/event.ts';
import { mayTellOf } from '../domain/shard.ts';
import { categoryOf } from '../domain/stream.ts';
import type { EventFilter } from './event-log.ts';

/** Whether a filter wants an event. */
export const wantedBy = ({
  categories,
  types,
  stream,
  shard,
}: EventFilter): ((event: RecordedEvent) => boolean) => {
  const inCategory = categories && new Set<string>(categories);
  const ofType = types && new Set(types);
  return (event) =>
    (stream === undefined || event.stream === stream) &&
    (!shard || mayTellOf(shard, event.stream)) &&
    (!ofType || ofType.has(event.type)) &&
    (!inCategory || inCategory.has(categoryOf(event.stream)));
};
