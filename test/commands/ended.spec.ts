import { expect, test } from 'vitest';
import { hasEnded } from '../../src/commands/ended.ts';
import { openCommands } from './commands.ts';

const FAILING = 'workflow: w\nactivities:\n  - { name: a, activity: notify, input: "${workflow.x}" }\n';

test('an execution that has failed has ended, also when it was mended since, until it is retried', async () => {
  const { log, register, startExecution, operate, migrate } = await openCommands();
  await register(FAILING);
  const { executionId: id } = await startExecution('w');
  expect(await hasEnded(log, id)).toBe(true);
  await operate(id, { type: 'set_variables', variables: { x: 1 }, reason: '' });
  await register(FAILING.replace('notify', 'nobody'));
  await migrate(id, 2);
  expect(await hasEnded(log, id)).toBe(true);
  await operate(id, { type: 'retry', reason: '' });
  expect(await hasEnded(log, id)).toBe(false);
  await register(FAILING);
  await migrate(id, 3);
  expect(await hasEnded(log, id)).toBe(false);
});
