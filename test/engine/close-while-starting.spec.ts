import { expect, it, onTestFinished } from 'vitest';
import { StartExecution } from '../../src/commands/commands.ts';
import { StartExecutionHandler } from '../../src/commands/start-execution.handler.ts';
import type { Rejection } from '../../src/domain/rejection.ts';
import { temporaryReadModels } from '../adapters/sqlite/temporary-read-models.ts';
import { CALLER, sourceOf } from '../spec/engine.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { openCoreOn } from './emissions/open-core.ts';

const open = async () => {
  const log = await temporaryLog();
  const { readModels, close } = await temporaryReadModels();
  onTestFinished(close);
  const { core } = openCoreOn({ log, readModels });
  const { definitions, engine, clock, ids, admission } = core;
  const starts = new StartExecutionHandler(definitions, engine.executions, clock, ids, admission);
  const start = (workflow: string) =>
    starts.execute(new StartExecution(workflow, null, undefined, CALLER)).then(
      () => 'STARTED',
      ({ code, message }: Rejection) => `${code}: ${message}`,
    );
  return { log, core, start };
};

it('refuses a start that waits for all workflows to be known, and one that comes later', async () => {
  const { log, core, start } = await open();
  const waiting = start('later');
  // The log was asked: from now on it waits for what may be registered while the server starts.
  await core.definitions.get('later', '').catch(() => undefined);
  await core.close();
  // Whoever is only out of patience does not know that.
  const refused = /^UNAVAILABLE: .*: nothing was stored/;
  expect(await waiting).toMatch(refused);
  expect(await start('later')).toMatch(refused);
  expect(await log.end()).toBe(0n);
});

it('says of a workflow that there is none when it knew all before it was closed', async () => {
  const { core, start } = await open();
  await core.start();
  await core.definitions.register(sourceOf('workflow: known\nactivities: [{ name: work }]\n'), CALLER);
  await core.close();
  expect(await start('unknown')).toMatch(/^WORKFLOW_NOT_FOUND/);
});
