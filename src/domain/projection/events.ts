import type { DomainEvent } from '../event.ts';

interface Parked {
  readonly reason: string;
  readonly error: string;
}

/**
 * An operator lets a projection go past an event that it cannot fold: it is folded where it can be, and otherwise
 * passed over. `position` is a whole number, as text; the payload is why, and what the projection said of it.
 */
export type ProjectionEventParked = DomainEvent<
  'projection.event_parked',
  {
    readonly projection: string;
    readonly event: string;
    readonly type: string;
    readonly stream: string;
    readonly revision: number;
    readonly position: string;
  },
  Parked
> & { readonly payload: Parked };
