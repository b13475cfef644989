import { createAudit } from '../../src/commands/audit/audit.ts';
import { createRefusals } from '../../src/commands/audit/refusals.ts';
import type { Caller } from '../../src/commands/caller.ts';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { countingIds } from '../spec/ids.ts';
import { takes } from './runs.ts';
import type { Scenario, Stage } from './scenarios.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

const READER: Caller = {
  actor: { id: 'ann@example.org', kind: 'user', via: 'jwt' },
  tenant: 'default',
  traceparent: undefined,
  request: { id: 'r1', operation: 'events', address: '203.0.113.9', reason: 'a ticket' },
};

const KEY: Caller = {
  actor: { id: '0190d3c8-5f0e-7000-8000-0123456789ab', kind: 'user', via: 'api_key' },
  tenant: 'acme',
  traceparent: undefined,
  request: { id: 'r2', operation: 'http' },
};

/** Has an execution read that has ended, somebody refused, a view made anew, and a day go by. */
const record = async ({ log, clock, end, id }: Stage): Promise<void> => {
  await end(id);
  const ids = countingIds(0.5, 9);
  const logger = keepingLogger();
  const audit = createAudit({
    log,
    world: { clock, ids },
    envelopes: createEnvelopes('a-node', ids),
    over: new AbortController().signal,
    logger,
  });
  const refusals = createRefusals({ audit, clock, logger });
  const read = { target: id, workflow: 'brief' };
  audit.note({ what: 'history', ...read }, READER);
  audit.note({ what: 'history', ...read }, READER);
  audit.note({ what: 'payloads', ...read, operation: 'execution' }, READER);
  await audit.record({ what: 'export', target: '' }, READER);
  await audit.record({ what: undefined, target: 'executions', operation: 'rebuildProjection' }, READER);
  const cancel = { wanted: 'command', operation: 'cancelExecution', ...read } as const;
  for (let n = 0; n < 3; n += 1) refusals.note({ ...cancel, code: 'FORBIDDEN' }, READER);
  refusals.note({ ...cancel, operation: 'decideApproval', code: 'NOT_AN_ASSIGNEE' }, READER);
  const asked = { wanted: 'read', operation: 'graphql', target: '' } as const;
  refusals.note({ ...asked, code: 'UNAUTHENTICATED' }, KEY);
  // What was refused at first is stored before what came after it is told of.
  await audit.record({ what: 'export', target: 'brief', workflow: 'brief' }, READER);
  clock.advance(MINUTE);
  await audit.record({ what: 'history', ...read }, READER);
  clock.advance(DAY);
  await audit.record({ what: 'history', ...read }, READER);
  refusals.close();
  await audit.close();
};

/** What is on record of those who read, do and are refused. */
export const AUDITED: readonly Scenario[] = [
  {
    name: 'on-record',
    yaml: 'workflow: brief\naudit: { reads: payloads }\nactivities:\n  - name: pack\n',
    activities: (clock) => ({ pack: takes(clock, 40, null) }),
    play: record,
  },
];
