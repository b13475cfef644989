import type { DomainEvent } from '../event.ts';
import type { Grant } from './grant.ts';

/** What a key is called, and what whoever has it may. */
export interface KeyGiven {
  readonly name: string;
  readonly roles: readonly Grant[];
}

/**
 * A key was made, of a tenant. Of its secret there is the `digest` only: `sha256:` and 64 hexadecimal digits. It counts until
 * `expiresAt` (ms since the Unix epoch), or until it is revoked where that is left out.
 */
export type AccessKeyCreated = DomainEvent<
  'access.key_created',
  { readonly key: string; readonly tenant: string; readonly digest: string; readonly expiresAt?: number },
  KeyGiven
> & { readonly payload: KeyGiven };

/** A key counts no longer; the payload is why, as it was given. */
export type AccessKeyRevoked = DomainEvent<
  'access.key_revoked',
  { readonly key: string; readonly tenant: string },
  { readonly reason: string }
> & { readonly payload: { readonly reason: string } };

/** What happens to keys that are given out. */
export type AccessEvent = AccessKeyCreated | AccessKeyRevoked;
