import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Rejection } from '../domain/rejection.ts';
import type { Clock } from '../ports/clock.ts';
import { CLOCK, PARKING, PROJECTOR } from '../ports/tokens.ts';
import { ParkEvent, type Accepted } from './commands.ts';
import type { Parking, StoppedAt } from './parking.ts';
import { patiently } from './patience.ts';

/** Who folds the views. */
interface Folding {
  stoppedAt(projection: string): Promise<StoppedAt>;
  retry(projection: string): Promise<{ readonly position: bigint }>;
}

/** Lets a projection go past the event that it has stopped at. */
@CommandHandler(ParkEvent)
export class ParkEventHandler implements ICommandHandler<ParkEvent> {
  readonly #parking: Parking;
  readonly #folding: Folding;
  readonly #clock: Clock;

  constructor(
    @Inject(PARKING) parking: Parking,
    @Inject(PROJECTOR) folding: Folding,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#parking = parking;
    this.#folding = folding;
    this.#clock = clock;
  }

  async execute({ projection, event, reason, caller }: ParkEvent): Promise<Accepted> {
    const at = await this.#folding.stoppedAt(projection);
    if (at.eventId !== event) throw elsewhere(projection, event, at);
    await patiently(this.#clock, this.#parking.park(projection, at, reason, caller));
    const { position } = await this.#folding.retry(projection);
    return { position };
  }
}

const elsewhere = (projection: string, event: string, { eventId, stream, revision }: StoppedAt): Rejection =>
  new Rejection(
    'PROJECTION_NOT_STOPPED',
    `Expected "${projection}" to have stopped at the event ${event}, but it has at ${eventId} (${stream}@${revision}).`,
    { projection, field: 'eventId', found: event, expected: eventId },
  );
