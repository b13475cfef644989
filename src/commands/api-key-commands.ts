import { Command } from '@nestjs/cqrs';
import type { WantedKey } from '../domain/access/api-key.ts';
import type { Caller } from './caller.ts';
import type { Accepted, Operated } from './commands.ts';

/** A key that was made. */
export interface CreatedApiKey extends Accepted {
  readonly id: string;
  /** The key itself, which nobody can be told again; `undefined` when it was made before. */
  readonly key: string | undefined;
  /** False when the same idempotency key had made it before. */
  readonly created: boolean;
}

/**
 * Makes a key, of the caller's tenant unless another is given. Rejects with `FORBIDDEN` for a tenant that the caller does not
 * come to and where nobody is asked who they are, with `BAD_USER_INPUT` for a time that is over.
 */
export class CreateApiKey extends Command<CreatedApiKey> {
  readonly wanted: Omit<WantedKey, 'tenant'> & { readonly tenant: string | undefined };
  readonly idempotencyKey: string | undefined;
  readonly caller: Caller;

  constructor(wanted: CreateApiKey['wanted'], idempotencyKey: string | undefined, caller: Caller) {
    super();
    this.wanted = wanted;
    this.idempotencyKey = idempotencyKey;
    this.caller = caller;
  }
}

/** Revokes a key. Rejects with `API_KEY_NOT_FOUND`, also for one of a tenant that the caller does not come to. */
export class RevokeApiKey extends Command<Operated> {
  readonly id: string;
  readonly reason: string;
  readonly caller: Caller;

  constructor(id: string, reason: string, caller: Caller) {
    super();
    this.id = id;
    this.reason = reason;
    this.caller = caller;
  }
}
