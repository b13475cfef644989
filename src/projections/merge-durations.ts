import type { DurationsDocument } from './durations.projection.ts';
import { slowest, type Exemplar } from './exemplars.ts';
import { mergeSketches, type Sketch } from './sketch.ts';

/** How long what is in some buckets took. */
export interface Durations {
  readonly completed: Sketch;
  readonly failed: Sketch;
  /** Both together. */
  readonly all: Sketch;
  readonly slowest: readonly Exemplar[];
}

/** The durations of all these buckets together; those of several that were merged may be one of them. */
export const mergeDurations = (
  buckets: readonly Pick<DurationsDocument, 'completed' | 'failed' | 'slowest'>[],
): Durations => {
  const completed = mergeSketches(buckets.map((bucket) => bucket.completed));
  const failed = mergeSketches(buckets.map((bucket) => bucket.failed));
  return {
    completed,
    failed,
    all: mergeSketches([completed, failed]),
    slowest: slowest(buckets.flatMap((bucket) => bucket.slowest)),
  };
};
