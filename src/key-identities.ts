import { isSecretOf, keyPartsIn } from './domain/access/key-text.ts';
import { Rejection } from './domain/rejection.ts';
import type { KeyUses, KnownKeys } from './ports/api-keys.ts';
import { Unauthenticated, type FormerIdentity, type Identity } from './ports/authenticator.ts';
import type { Clock } from './ports/clock.ts';

/** Who has a key that was given out. Throws `Unauthenticated`, and `Rejection` (`UNAVAILABLE`) before the node knows any. */
export type IdentifyKey = (text: string) => Identity;

const refused = (found: string, former?: FormerIdentity): Unauthenticated =>
  new Unauthenticated(`Expected a key that is known here and counts, but ${found}.`, undefined, former);

/** Tells who has a key by what the node has in memory: no store is asked. */
export const keyIdentities =
  (keys: KnownKeys, uses: Pick<KeyUses, 'note'>, clock: Clock): IdentifyKey =>
  (text) => {
    if (!keys.isCurrent)
      throw new Rejection(
        'UNAVAILABLE',
        'Expected to know the keys by now, but they are not read; try again.',
      );
    const parts = keyPartsIn(text);
    const known = parts && keys.of(parts.id);
    // Whoever has not the secret is not told whether there is such a key.
    if (known === undefined || !isSecretOf(known.key.digest, parts?.secret ?? '')) throw refused('it is not');
    const { id, tenant, roles, expiresAt, revocation } = known.key;
    const actor = { id, kind: 'user', via: 'api_key' } as const;
    if (revocation !== undefined) throw refused('it was revoked', { actor, tenant });
    if (expiresAt !== undefined && clock.now() >= expiresAt)
      throw refused('it has expired', { actor, tenant });
    uses.note(id);
    return {
      actor,
      access: { tenant, grants: roles },
      // A name that people choose must not be taken for somebody's.
      user: id,
      until: expiresAt,
      ended: known.revoked,
    };
  };
