import type { Recorded } from '../domain/registry.ts';
import { ProjectionFailure } from './projection-failure.ts';
import type { Projection } from './projection.ts';

/** Who goes through events, and the ids of those that it passes over where it cannot fold them. */
interface Attempting {
  readonly projection: Projection;
  readonly parked: ReadonlySet<string>;
}

/** What comes of an event; `otherwise` where nothing can, and it is parked. */
export const attempt = <T>(
  { projection, parked }: Attempting,
  event: Recorded,
  otherwise: T,
  work: () => T,
): T => {
  try {
    return work();
  } catch (cause) {
    if (parked.has(event.id)) return otherwise;
    throw new ProjectionFailure(projection.name, event, cause);
  }
};
