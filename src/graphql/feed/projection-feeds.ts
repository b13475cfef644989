import type { Clock } from '../../ports/clock.ts';
import type { ProjectionStatus, Projector } from '../../projections/projector.ts';
import type { Source } from './source.ts';
import { createTogether } from './together.ts';
import { watch } from './watch.ts';

/** How long nothing may be told of it until it is looked at again, ms: others may do what is watched. */
const LOOK = 1_000;

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}` : part));

/** How projections fare, for any number of clients that watch. */
export class ProjectionFeeds {
  readonly #projector: Projector;
  readonly #clock: Clock;
  readonly #together = createTogether();

  constructor(projector: Projector, clock: Clock) {
    this.#projector = projector;
    this.#clock = clock;
  }

  /** What of all projections is looked at, as it is and whenever it has changed. Rejects as the projector does. */
  open<T>(of: (all: readonly ProjectionStatus[]) => T): Promise<Source<T>> {
    const [projector, clock] = [this.#projector, this.#clock];
    return watch({
      clock,
      query: async () => of(await this.#together('status', () => projector.status())),
      same: (value, last) => textOf(value) === textOf(last),
      listen: (mark) => projector.onProgress(mark),
      changesAt: () => clock.now() + LOOK,
    });
  }
}
