import type { Fold } from './fold.ts';

/** Another process has put other documents in the place of those that are folded here. */
export class OvertakenView extends Error {
  readonly code = 'VIEW_OVERTAKEN';

  constructor({ projection, generation }: Pick<Fold, 'projection' | 'generation'>, found: number) {
    super(
      `Expected the documents of "${projection.name}" to be those of generation ${generation}, but they are those of ${found}.`,
    );
    this.name = 'OvertakenView';
  }
}
