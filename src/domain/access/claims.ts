import type { Json, JsonObject } from '../json.ts';
import { HOME, isRole, textsOf, type Access, type Grant } from './grant.ts';

/** Where in a token's claims stands what; a dot leads into an object. */
export interface ClaimNames {
  readonly roles: string;
  readonly tenant: string;
  readonly workflows: string;
  readonly tags: string;
}

/** Where it stands unless somebody says otherwise. */
export const CLAIM_NAMES: ClaimNames = Object.freeze({
  roles: 'roles',
  tenant: 'tenant',
  workflows: 'workflows',
  tags: 'tags',
});

/** What a tenant may be called. */
export const TENANT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Claims that say who somebody is, the one that says it best first. */
const USER = ['email', 'sub', 'user_id', 'preferred_username', 'name'];

const LONGEST = 200;

/** Who claims are about: the first of `email`, `sub`, `user_id`, `preferred_username` and `name` that is a text and not empty. */
export const userIn = (claims: JsonObject): string | undefined =>
  USER.map((name) => claims[name])
    .find((claim): claim is string => typeof claim === 'string' && claim !== '')
    ?.slice(0, LONGEST);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names with dots of their own, as URLs are, stand as they are. */
const claimAt = (claims: JsonObject, name: string): Json | undefined => {
  if (Object.hasOwn(claims, name)) return claims[name];
  let at: Json | undefined = claims;
  for (const part of name.split('.')) at = isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  return at;
};

const limited = (workflows: Json | undefined, tags: Json | undefined): Omit<Grant, 'role'> => ({
  ...(workflows === undefined ? {} : { workflows: textsOf(workflows) ?? [] }),
  ...(tags === undefined ? {} : { tags: textsOf(tags) ?? [] }),
});

/**
 * What claims grant. Roles are names, or objects of a `role` with `workflows` and `tags` of its own; those of the token
 * limit the others. What is no role is none, and a limit that cannot be read leaves nothing. `undefined` for a tenant that is no name.
 */
export const accessIn = (claims: JsonObject, names: ClaimNames = CLAIM_NAMES): Access | undefined => {
  const tenant = claimAt(claims, names.tenant) ?? HOME;
  if (typeof tenant !== 'string' || !TENANT.test(tenant)) return undefined;
  const roles = claimAt(claims, names.roles);
  const limits = limited(claimAt(claims, names.workflows), claimAt(claims, names.tags));
  const named = (textsOf(roles) ?? []).filter(isRole).map((role): Grant => ({ role, ...limits }));
  const written = (Array.isArray(roles) ? (roles as readonly Json[]) : []).filter(isObject).flatMap((one) => {
    const { role, workflows, tags } = one;
    return isRole(role) ? [{ role, ...limits, ...limited(workflows, tags) }] : [];
  });
  return { tenant, grants: [...named, ...written] };
};
