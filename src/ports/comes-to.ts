import { covers, type Owned, type Scope } from '../domain/access/scope.ts';
import { createBoundedCache, type TextCache } from '../domain/bounded-cache.ts';
import { streamOf } from '../domain/stream.ts';
import type { EventLog } from './event-log.ts';

type Log = Pick<EventLog, 'read'>;

/** Characters of what is kept of executions, of each log: those of ten thousand or so. */
const KEPT = 1024 * 1024;

const lengthOf = (id: string, { tenant, workflow = '', tags = [] }: Owned): number =>
  tags.reduce((length, tag) => length + tag.length, id.length + tenant.length + workflow.length);

// Whose an execution is its first event says, and no event is ever another one: what is kept is never out of date. That there
// is none is not kept, since there may be one by the next time.
const logs = new WeakMap<Log, TextCache<Owned>>();

const knownOf = (log: Log): TextCache<Owned> => {
  const there = logs.get(log);
  if (there !== undefined) return there;
  const known = createBoundedCache(KEPT, lengthOf);
  logs.set(log, known);
  return known;
};

/** Whose an execution is, as its first event says; `undefined` where there is none. Rejects as the log does. */
const ownedIn = async (log: Log, id: string): Promise<Owned | undefined> => {
  const known = knownOf(log);
  const there = known.get(id);
  if (there !== undefined) return there;
  const [first] = await log.read(streamOf('execution', id), { from: 0, limit: 1 });
  if (first === undefined) return undefined;
  const { workflow, tags } = first.facts;
  const owned: Owned = {
    tenant: first.commit.metadata.tenant,
    workflow: typeof workflow === 'string' ? workflow : undefined,
    tags: Array.isArray(tags) ? (tags as readonly string[]) : undefined,
  };
  // Of what was removed only the end is left, which says less.
  if (first.revision === 0) known.set(id, owned);
  return owned;
};

/**
 * Whether there is an execution of an id within a scope, as its first event says; of one that was looked at lately, whether
 * there was. Rejects as the log does.
 */
export const comesTo = async (log: Log, scope: Scope | undefined, id: string): Promise<boolean> => {
  if (scope === undefined) return true;
  const owned = await ownedIn(log, id);
  return owned !== undefined && covers(scope, owned);
};
