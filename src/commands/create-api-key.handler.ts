import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Rejection } from '../domain/rejection.ts';
import type { Clock } from '../ports/clock.ts';
import { API_KEYS, CLOCK } from '../ports/tokens.ts';
import { CreateApiKey, type CreatedApiKey } from './api-key-commands.ts';
import type { ApiKeys } from './api-keys.ts';
import { patiently } from './patience.ts';

/** Makes a key. */
@CommandHandler(CreateApiKey)
export class CreateApiKeyHandler implements ICommandHandler<CreateApiKey> {
  readonly #keys: ApiKeys;
  readonly #clock: Clock;

  constructor(@Inject(API_KEYS) keys: ApiKeys, @Inject(CLOCK) clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  execute({ wanted, idempotencyKey, caller }: CreateApiKey): Promise<CreatedApiKey> {
    // It would let in whoever was there before anybody was asked, from the day on that somebody is.
    if (caller.actor.via === 'none')
      throw new Rejection(
        'FORBIDDEN',
        'Expected a server that asks who somebody is, but this one asks nobody: set SAGALOG_ADMIN_KEY, SAGALOG_JWT_KEYS or SAGALOG_JWT_SECRET.',
      );
    const { tenant = caller.tenant } = wanted;
    return patiently(this.#clock, this.#keys.create({ ...wanted, tenant }, idempotencyKey, caller));
  }
}
