import type { Actor } from '../event.ts';
import { Rejection } from '../rejection.ts';
import type { Grant } from './grant.ts';
import type { AccessEvent } from './key-events.ts';
import type { Scope } from './scope.ts';

/** That a key counts no longer. */
export interface Revocation {
  /** Ms since the Unix epoch. */
  readonly at: number;
  /** Id of whoever did it. */
  readonly by: string;
  readonly reason: string;
}

/** A key as its events tell it. Times are ms since the Unix epoch. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly roles: readonly Grant[];
  /** Of its secret. */
  readonly digest: string;
  readonly createdAt: number;
  /** Id of whoever made it. */
  readonly createdBy: string;
  readonly expiresAt: number | undefined;
  readonly revocation: Revocation | undefined;
}

/** What is asked for as a key. */
export interface WantedKey {
  readonly name: string;
  readonly tenant: string;
  readonly roles: readonly Grant[];
  readonly expiresAt: number | undefined;
}

/** Who said something, and when (ms since the Unix epoch). */
export interface Said {
  readonly at: number;
  readonly actor: Actor;
}

/** A key after an event of its own; `undefined` for one that was never made. */
export const evolveKey = (
  key: ApiKey | undefined,
  event: AccessEvent,
  { at, actor }: Said,
): ApiKey | undefined => {
  switch (event.type) {
    case 'access.key_created': {
      const { key: id, tenant, digest, expiresAt } = event.facts;
      const { name, roles } = event.payload;
      const made = { createdAt: at, createdBy: actor.id, expiresAt, revocation: undefined };
      return { id, name, tenant, roles, digest, ...made };
    }
    case 'access.key_revoked':
      return key && { ...key, revocation: { at, by: actor.id, reason: event.payload.reason } };
    default:
      return event satisfies never;
  }
};

/** Whether somebody comes to the keys of a tenant: their own one's, and all of them who runs the server. */
export const comesToKeysOf = (scope: Scope | undefined, tenant: string): boolean =>
  scope === undefined || scope.tenant === tenant || scope.runsServer === true;

/**
 * What making a key comes to, by what there is of its id: nothing when it was made before. Throws `FORBIDDEN` for the key of a
 * tenant that whoever asks does not come to, and `BAD_USER_INPUT` for one that would count no more.
 */
export const decideKey = (
  known: ApiKey | undefined,
  { id, digest }: Pick<ApiKey, 'id' | 'digest'>,
  { name, tenant, roles, expiresAt }: WantedKey,
  { scope, now }: { readonly scope: Scope | undefined; readonly now: number },
): AccessEvent | undefined => {
  if (!comesToKeysOf(scope, tenant))
    throw new Rejection(
      'FORBIDDEN',
      `Expected a key of your own tenant, but it is for ${JSON.stringify(tenant)}.`,
      { field: 'tenant', found: tenant, expected: scope?.tenant ?? tenant },
    );
  if (known !== undefined) return undefined;
  if (expiresAt !== undefined && expiresAt <= now)
    throw new Rejection('BAD_USER_INPUT', 'Expected a time to come, but `expiresAt` is over.', {
      field: 'expiresAt',
      found: new Date(expiresAt).toISOString(),
      expected: 'a time to come',
    });
  return {
    type: 'access.key_created',
    facts: { key: id, tenant, digest, ...(expiresAt === undefined ? {} : { expiresAt }) },
    payload: { name, roles },
  };
};

/** What revoking a key comes to: nothing when it was revoked before. Throws `API_KEY_NOT_FOUND`, also for one of another tenant. */
export const decideRevocation = (
  known: ApiKey | undefined,
  id: string,
  reason: string,
  scope: Scope | undefined,
): AccessEvent | undefined => {
  if (known === undefined || !comesToKeysOf(scope, known.tenant))
    throw new Rejection(
      'API_KEY_NOT_FOUND',
      `Expected the id of a key, but there is none ${JSON.stringify(id)}.`,
      {
        field: 'id',
        found: id,
      },
    );
  if (known.revocation !== undefined) return undefined;
  return { type: 'access.key_revoked', facts: { key: id, tenant: known.tenant }, payload: { reason } };
};
