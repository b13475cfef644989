import { Query } from '@nestjs/cqrs';
import type { ParkedEvent } from '../projections/parked.ts';

/** The events that are parked for a projection, in the order in which they were. Rejects with `PROJECTION_NOT_FOUND`. */
export class GetParkedEvents extends Query<readonly ParkedEvent[]> {
  readonly projection: string;

  constructor(projection: string) {
    super();
    this.projection = projection;
  }
}
