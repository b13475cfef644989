import { expect, it } from 'vitest';
import { commitTo, openLog, revisionsOf, startServer } from './support.ts';

it('is repeated: an outage shorter than the patience is not noticed by the caller', async () => {
  const server = await startServer();
  const { log, states, became } = await openLog(server.url);
  await log.append(commitTo('execution-1'));
  await server.stop();

  const appended = log.append(commitTo('execution-2'));
  await became('unavailable');
  await server.restart();

  await appended;
  expect(await revisionsOf(log, 'execution-2')).toEqual([0]);
  expect(states.map(({ status }) => status).at(-1)).toBe('available');
});

it('rejects with LOG_UNAVAILABLE while the server is away, and recovers by itself', async () => {
  const server = await startServer();
  const { log, states, became } = await openLog(server.url, {
    retry: { tries: 2, patience: 100, base: 10, cap: 20 },
  });
  await server.stop();

  await expect(log.append(commitTo('execution-1'))).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  await expect(log.read('execution-1')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  await expect(log.ping()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  expect(states[0]).toMatchObject({
    status: 'unavailable',
    since: expect.any(Number),
    error: expect.any(Error),
  });

  await server.restart();
  await became('available');
  await log.ping();
});

it('survives a server that does not say what it can do', async () => {
  const server = await startServer();
  server.faults.hangServerFeatures(1);
  const { log } = await openLog(server.url, { appendTimeout: 250 });

  await log.append(commitTo('execution-1', 2));

  expect(server.faults.fired.hangServerFeatures).toBe(1);
  expect(await revisionsOf(log, 'execution-1')).toEqual([0, 1]);
});

it('opens before the server is there', async () => {
  const server = await startServer();
  await server.stop();
  const { log, states } = await openLog(server.url);
  expect(states[0]?.status).toBe('unavailable');

  const appended = log.append(commitTo('execution-1'));
  await server.restart();

  await appended;
});
