import { HOME, isAtLeast, type Access, type Role } from './grant.ts';

/** Executions that somebody may come to: those of a tenant, all of them or some. */
export interface Scope {
  readonly tenant: string;
  /** `undefined`: all of the tenant's. */
  readonly within: Within | undefined;
  /** Whoever has it runs the server: they also come to what is of no tenant. */
  readonly runsServer?: true;
}

/** Executions of these workflows, and those that have one of these tags. */
export interface Within {
  readonly workflows: readonly string[];
  readonly tags: readonly string[];
}

/** What of an execution says whose it is. */
export interface Owned {
  readonly tenant: string;
  readonly workflow?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

const isLimited = ({ workflows, tags }: Access['grants'][number]): boolean =>
  workflows !== undefined || tags !== undefined;

/** Where somebody has a role; `undefined` when nowhere. */
export const scopeOf = ({ tenant, grants }: Access, role: Role): Scope | undefined => {
  const enough = grants.filter((grant) => isAtLeast(grant.role, role));
  if (enough.length === 0) return undefined;
  if (!enough.every(isLimited)) {
    const isAdmin = grants.some((grant) => grant.role === 'admin' && !isLimited(grant));
    return { tenant, within: undefined, ...(isAdmin && tenant === HOME ? { runsServer: true } : {}) };
  }
  const workflows = [...new Set(enough.flatMap((grant) => grant.workflows ?? []))];
  const tags = [...new Set(enough.flatMap((grant) => grant.tags ?? []))];
  return { tenant, within: { workflows, tags } };
};

/** Whether an execution, or what belongs to one, is within a scope; the server itself has none and comes to everything. */
export const covers = (scope: Scope | undefined, { tenant, workflow, tags = [] }: Owned): boolean => {
  if (scope === undefined) return true;
  if (scope.tenant !== tenant) return false;
  const { within } = scope;
  if (within === undefined) return true;
  return (
    (workflow !== undefined && within.workflows.includes(workflow)) ||
    tags.some((tag) => within.tags.includes(tag))
  );
};

/** Whether a workflow as such is within a scope, whoever's executions it has. */
export const coversWorkflow = ({ within }: Scope, workflow: string): boolean =>
  within === undefined || within.workflows.includes(workflow);
