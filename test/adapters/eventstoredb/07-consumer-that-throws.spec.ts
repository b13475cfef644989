import { expect, it } from 'vitest';
import { START } from '../../../src/ports/event-log.ts';
import { appendMany, commitTo, follow, openLog, startServer } from './support.ts';

it('stalls nobody: its own loop ends with its error, the others go on', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);
  await appendMany(log, 5);
  const other = follow(log);
  await other.until((_, { caughtUp }) => caughtUp);

  const failing = async (): Promise<void> => {
    const { signal } = new AbortController();
    for await (const { caughtUp, events } of log.subscribe({ after: START, signal })) {
      if (caughtUp && events.some(({ stream }) => stream === 'execution-last'))
        throw new Error('thrown by the consumer');
    }
  };
  const [failed] = await Promise.allSettled([failing(), log.append(commitTo('execution-last'))]);

  expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'thrown by the consumer' } });
  await other.until((events) => events.length === 6);
});
