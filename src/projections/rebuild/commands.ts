import { Command } from '@nestjs/cqrs';
import type { RebuildControl, RebuildOptions, RebuildOutcome, Rebuilt } from '../projector.ts';

/** How the rebuild of a projection ended. */
export interface RebuiltProjection extends Rebuilt {
  readonly projection: string;
}

/**
 * Folds a projection anew from the whole log beside the live one, compares, and swaps unless it is a dry run.
 * Rejects with `PROJECTION_NOT_FOUND`, `REBUILD_RUNNING`, `REBUILD_CANCELLED`.
 */
export class RebuildProjection extends Command<RebuiltProjection> {
  readonly projection: string;
  readonly options: RebuildOptions;

  constructor(projection: string, options: RebuildOptions) {
    super();
    this.projection = projection;
    this.options = options;
  }
}

/** How a rebuild of several projections ended. */
export interface RebuiltTogether {
  /** All that were rebuilt have got there; where none was, all that are meant stand there or further on. */
  readonly position: bigint;
  readonly outcomes: readonly RebuildOutcome[];
}

/** Does so with several, or all when none are named, in one pass over the log. Rejects with `PROJECTION_NOT_FOUND`, `REBUILD_RUNNING`. */
export class RebuildProjections extends Command<RebuiltTogether> {
  readonly projections: readonly string[] | undefined;
  readonly options: RebuildOptions;

  constructor(projections: readonly string[] | undefined, options: RebuildOptions) {
    super();
    this.projections = projections;
    this.options = options;
  }
}

/** Brings the documents of before the last swap back. Rejects with `PROJECTION_NOT_FOUND`, `REBUILD_RUNNING`, `NOTHING_KEPT`. */
export class RollbackProjection extends Command<RebuiltProjection> {
  readonly projection: string;

  constructor(projection: string) {
    super();
    this.projection = projection;
  }
}

/** Lets a projection go on that has stopped. Rejects with `PROJECTION_NOT_FOUND`, `REBUILD_RUNNING`, `PROJECTION_NOT_STOPPED`, `UNAVAILABLE`. */
export class RetryProjection extends Command<RebuiltProjection> {
  readonly projection: string;

  constructor(projection: string) {
    super();
    this.projection = projection;
  }
}

/** Holds a rebuild up, lets it go on, or ends it; answers how far the live documents are. Rejects with `PROJECTION_NOT_FOUND`, `REBUILD_NOT_RUNNING`. */
export class ControlRebuild extends Command<{ readonly position: bigint }> {
  readonly projection: string;
  readonly what: RebuildControl;

  constructor(projection: string, what: RebuildControl) {
    super();
    this.projection = projection;
    this.what = what;
  }
}
