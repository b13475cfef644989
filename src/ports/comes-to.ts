import { covers, type Scope } from '../domain/access/scope.ts';
import { streamOf } from '../domain/stream.ts';
import type { EventLog } from './event-log.ts';

/** Whether there is an execution of an id within a scope, as its first event says. Rejects as the log does. */
export const comesTo = async (
  log: Pick<EventLog, 'read'>,
  scope: Scope | undefined,
  id: string,
): Promise<boolean> => {
  if (scope === undefined) return true;
  const [first] = await log.read(streamOf('execution', id), { from: 0, limit: 1 });
  if (first === undefined) return false;
  const { workflow, tags } = first.facts;
  return covers(scope, {
    tenant: first.commit.metadata.tenant,
    workflow: typeof workflow === 'string' ? workflow : undefined,
    tags: Array.isArray(tags) ? (tags as readonly string[]) : undefined,
  });
};
