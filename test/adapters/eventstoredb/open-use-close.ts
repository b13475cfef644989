import { openEventStoreLog } from '../../../src/adapters/eventstoredb/open-event-store-log.ts';
import { NO_STREAM, seal } from '../../../src/domain/chain.ts';
import { START } from '../../../src/ports/event-log.ts';

const log = await openEventStoreLog({ url: process.argv[2] ?? '' });
const commit = seal('execution-1', NO_STREAM, [{ type: 'step.completed', facts: { step: 'only' } }], {
  $correlationId: 'execution-1',
  $causationId: '01900000-0000-7000-8000-000000000000',
  at: 0,
  actor: { id: 'ada', kind: 'user', via: 'none' },
  tenant: 'default',
  node: 'test',
  schema: 1,
});
const subscription = log.subscribe({ after: START, signal: new AbortController().signal });
const following = subscription[Symbol.asyncIterator]();
await log.append(commit);
await following.next();
const waiting = following.next();
await log.close();
await waiting;
process.stdout.write('closed\n');
