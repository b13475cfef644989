import { expect, it } from 'vitest';
import { NO_STREAM, seal } from '../../../src/domain/chain.ts';
import { commitTo, openLog, revisionsOf, startServer } from './support.ts';

it('is refused before the client sees it, and the log goes on', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);
  const metadata = JSON.parse(commitTo('execution-1').metadata);
  const big = { type: 'step.completed', facts: {}, payload: { output: 1n } };

  expect(() => seal('execution-1', NO_STREAM, [big], metadata)).toThrow(TypeError);
  const broken = { ...commitTo('execution-1'), metadata: '{' };
  await expect(log.append(broken)).rejects.toThrow(SyntaxError);

  await log.append(commitTo('execution-1'));
  expect(await revisionsOf(log, 'execution-1')).toEqual([0]);
});
