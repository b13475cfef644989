import type { Recorded } from '../../domain/registry.ts';
import { isInShard, type Shard } from '../../domain/shard.ts';
import { categoryOf, streamOf } from '../../domain/stream.ts';
import type { LiftedBatch } from '../lift-batch.ts';
import { executionOf } from '../removals.ts';

/** The stream by which it goes who folds an event: that of the execution that it tells of, or else its own. */
export const placeOf = (event: Pick<Recorded, 'stream' | 'facts'>): string => {
  const execution = executionOf(event);
  return execution === undefined ? event.stream : streamOf('execution', execution);
};

/** What falls to whoever folds a shard of a batch that was read of it: events of executions do, and of others some. */
export const ofShard = (batch: LiftedBatch, shard: Shard): LiftedBatch => ({
  ...batch,
  events: batch.events.filter(
    (event) => categoryOf(event.stream) === 'execution' || isInShard(placeOf(event), shard),
  ),
});
