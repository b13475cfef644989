import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CLOCK, DELIVERIES } from '../ports/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import type { Caller } from './caller.ts';
import { ResendNotification, type Accepted } from './commands.ts';
import { patiently } from './patience.ts';

/** Who sends notifications. */
interface Resending {
  resend(id: string, reason: string, caller: Caller): Promise<bigint>;
}

/** Has a notification sent once more that was sent or given up. */
@CommandHandler(ResendNotification)
export class ResendNotificationHandler implements ICommandHandler<ResendNotification> {
  readonly #deliveries: Resending;
  readonly #clock: Clock;

  constructor(@Inject(DELIVERIES) deliveries: Resending, @Inject(CLOCK) clock: Clock) {
    this.#deliveries = deliveries;
    this.#clock = clock;
  }

  async execute({ id, reason, caller }: ResendNotification): Promise<Accepted> {
    return { position: await patiently(this.#clock, this.#deliveries.resend(id, reason, caller)) };
  }
}
