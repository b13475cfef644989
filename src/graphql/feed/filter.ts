import type { RecordedEvent } from '../../domain/event.ts';
import { isAuditEntry } from '../../domain/audit/events.ts';
import { covers, type Scope } from '../../domain/access/scope.ts';
import { categoryOf, type Category } from '../../domain/stream.ts';
import type { EventFilter } from '../../ports/event-log.ts';
import { wantedBy as wantedOfLog } from '../../ports/wanted-by.ts';

/** Which events a feed carries; a field left out wants all. */
export interface FeedFilter extends EventFilter {
  /** Events of this workflow and of its executions. */
  readonly workflow?: string;
  /** Events of what is within a scope. */
  readonly scope?: Scope | undefined;
}

/** What each tenant has streams of its own of; others are of all of them together. */
const OF_TENANTS: ReadonlySet<string> = new Set<Category>([
  'execution',
  'workflow',
  'event',
  'schedule',
  'trigger',
  'gathering',
  'notification',
]);

/** Whether an event is of what is within a scope. */
const isWithin = (scope: Scope | undefined, { stream, type, facts, commit }: RecordedEvent): boolean => {
  if (isAuditEntry(type))
    return scope === undefined || (scope.runsServer === true && facts['tenant'] === scope.tenant);
  // In brief it says what happened to executions of all tenants.
  if (type === 'truncation.condensed') return scope === undefined;
  if (!OF_TENANTS.has(categoryOf(stream))) return scope === undefined || scope.runsServer === true;
  const { workflow } = facts;
  const { tenant } = commit.metadata;
  return covers(scope, { tenant, workflow: typeof workflow === 'string' ? workflow : undefined });
};

/** Whether a filter wants an event. */
export const wantedBy = ({ workflow, scope, ...filter }: FeedFilter): ((event: RecordedEvent) => boolean) => {
  const isWanted = wantedOfLog(filter);
  return (event) =>
    isWanted(event) &&
    (workflow === undefined || event.facts['workflow'] === workflow) &&
    isWithin(scope, event);
};
