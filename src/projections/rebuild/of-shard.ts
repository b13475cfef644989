import type { Recorded } from '../../domain/registry.ts';
import { isInShard, type Shard } from '../../domain/shard.ts';
import { categoryOf, streamOf } from '../../domain/stream.ts';
import type { LiftedBatch } from '../lift-batch.ts';
import { executionOf } from '../removals.ts';

/** The stream by which it goes who folds an event: that of the execution that it tells of, or else its own. */
export const placeOf = (event: Pick<Recorded, 'stream' | 'facts'>): string => {
  if (categoryOf(event.stream) === 'execution') return event.stream;
  const execution = executionOf(event);
  return execution === undefined ? event.stream : streamOf('execution', execution);
};

/** What of a batch falls to whoever folds a shard. */
export const ofShard = (batch: LiftedBatch, shard: Shard): LiftedBatch => ({
  ...batch,
  events: batch.events.filter((event) => isInShard(placeOf(event), shard)),
});
