import type { Projection } from './projection.ts';

/** The code of `OutdatedView`, as a projection's status shows it. */
export const OUTDATED = 'PROJECTION_OUTDATED';

/** Documents are of a newer version than this node can read: a newer node folds them. */
export class OutdatedView extends Error {
  readonly code = OUTDATED;

  constructor({ name, version }: Pick<Projection, 'name' | 'version'>, found: number) {
    super(
      `Expected the projection "${name}" to be of version ${version} or before, but a newer node has folded it to version ${found}: this one neither reads nor folds it.`,
    );
    this.name = 'OutdatedView';
  }
}
