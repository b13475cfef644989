import type { EventType } from './domain/registry.ts';
import { entityOf } from './domain/stream.ts';
import { LogUnavailable, START, type EventLog } from './ports/event-log.ts';

/** What the log itself says is there. */
export interface Whole {
  /** Ids of the executions that have not ended. */
  readonly active: readonly string[];
  /** Names of all workflows. */
  readonly workflows: readonly string[];
}

const ENDS: ReadonlySet<string> = new Set<EventType>([
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
  'saga.compensated',
]);
const BEGINS: ReadonlySet<string> = new Set<EventType>(['execution.started', 'execution.retried']);
const REGISTERS: EventType = 'workflow.registered';

/** Reads all of the log for what views would say at once. Rejects with `LogUnavailable` when the log is closed meanwhile. */
export const readWhole = async (log: EventLog): Promise<Whole> => {
  const active = new Set<string>();
  const workflows = new Set<string>();
  const filter = { types: [...BEGINS, REGISTERS, ...ENDS] };
  const { signal } = new AbortController();
  for await (const { events, caughtUp } of log.subscribe({ after: START, filter, signal })) {
    for (const { type, stream } of events) {
      if (type === REGISTERS) workflows.add(entityOf(stream));
      else if (BEGINS.has(type)) active.add(entityOf(stream));
      else active.delete(entityOf(stream));
    }
    if (caughtUp) return { active: [...active], workflows: [...workflows] };
  }
  throw new LogUnavailable('Expected the log to be read to its end, but it was closed.');
};
