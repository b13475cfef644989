import { LogCorrupt } from '../ports/event-log.ts';
import type { ProjectionRecord } from '../ports/read-models.ts';

/** A view knows of more than the log has: the log has lost its end, was restored from before it, or is another one. */
export class ViewsAhead extends LogCorrupt {
  constructor({ name, position }: Pick<ProjectionRecord, 'name' | 'position'>, end: bigint) {
    super(
      `Expected the log to reach position ${position}, which the view "${name}" was folded to, but it ends at ${end}: it has lost its end, or the views are of another log. Nothing was changed: restore the log from a backup, or remove the views to have them folded from what is there.`,
    );
    this.name = 'ViewsAhead';
  }
}
