import { createAudit, type Audit, type AuditOptions } from '../../../src/commands/audit/audit.ts';
import type { Read } from '../../../src/commands/audit/read.ts';
import type { Caller } from '../../../src/commands/caller.ts';
import { createEnvelopes } from '../../../src/commands/envelope.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { keepingLogger } from '../../graphql/keeping-logger.ts';
import { handClock, type HandClock } from '../../spec/clock.ts';
import { countingIds } from '../../spec/ids.ts';

/** Somebody who makes a request. */
export const callerOf = (request: string): Caller => ({
  actor: { id: 'ann@example.org', kind: 'user', via: 'jwt' },
  tenant: 'acme',
  traceparent: undefined,
  request: { id: request, operation: 'events', address: '203.0.113.9', reason: 'a ticket' },
});

/** Somebody who is about to read the history of an execution. */
export const historyOf = (target: string): Read => ({ what: 'history', target, workflow: 'orders' });

/** What records reads in a log, on a clock that is driven by hand. */
export const auditOn = (
  log: EventLog,
  clock: HandClock = handClock(),
  options: Partial<AuditOptions> & { readonly space?: number } = {},
): Audit & { readonly clock: HandClock } => {
  const ids = countingIds(0.5, options.space ?? 1);
  const audit = createAudit({
    log,
    world: { clock, ids },
    envelopes: createEnvelopes('a-node', ids),
    over: new AbortController().signal,
    logger: keepingLogger(),
    ...options,
  });
  return { ...audit, clock };
};
