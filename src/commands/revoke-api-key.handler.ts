import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Clock } from '../ports/clock.ts';
import { API_KEYS, CLOCK } from '../ports/tokens.ts';
import { RevokeApiKey } from './api-key-commands.ts';
import type { ApiKeys } from './api-keys.ts';
import type { Operated } from './commands.ts';
import { patiently } from './patience.ts';

/** Lets a key count no longer. */
@CommandHandler(RevokeApiKey)
export class RevokeApiKeyHandler implements ICommandHandler<RevokeApiKey> {
  readonly #keys: ApiKeys;
  readonly #clock: Clock;

  constructor(@Inject(API_KEYS) keys: ApiKeys, @Inject(CLOCK) clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  execute({ id, reason, caller }: RevokeApiKey): Promise<Operated> {
    return patiently(this.#clock, this.#keys.revoke(id, reason, caller));
  }
}
