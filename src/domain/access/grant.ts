import type { Json } from '../json.ts';

/** What somebody may do, each with all that the one before it may. */
export const ROLES = ['viewer', 'operator', 'author', 'admin'] as const;

/** One of the roles. */
export type Role = (typeof ROLES)[number];

/** A role, everywhere or only where executions are of these workflows or have one of these tags. */
export interface Grant {
  readonly role: Role;
  readonly workflows?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** Whose executions somebody may come to, and as what. */
export interface Access {
  readonly tenant: string;
  readonly grants: readonly Grant[];
}

/** The tenant that the server itself belongs to: definitions, schedules and views are its own. */
export const HOME = 'default';

/** Everything. */
export const ALL_ACCESS: Access = { tenant: HOME, grants: [{ role: 'admin' }] };

/** Whether a role is another one or may more. */
export const isAtLeast = (role: Role, wanted: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(wanted);

/** Whether a text is the name of a role. */
export const isRole = (text: unknown): text is Role => ROLES.some((role) => role === text);

/** What a claim or a setting lists: texts, as a list or one behind the other; `undefined` for what is none of it. */
export const textsOf = (value: Json | undefined): readonly string[] | undefined => {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((text) => text !== '');
  if (!Array.isArray(value)) return undefined;
  return (value as readonly Json[]).filter((text) => typeof text === 'string');
};
