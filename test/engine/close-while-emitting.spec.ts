import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { EventLog } from '../../src/ports/event-log.ts';
import { temporaryReadModels } from '../adapters/sqlite/temporary-read-models.ts';
import { CALLER, historyOf, sourceOf } from '../spec/engine.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { openCoreOn } from './emissions/open-core.ts';

const SOURCE = sourceOf('workflow: told\ntrigger: { event: happened }\nactivities: [{ name: work }]\n');
/** More than enough turns for a server that waits for nothing to have closed its stores. */
const TURNS = 200;

/** A log that holds the append of an event until it is told to let go. */
const holding = (log: EventLog) => {
  const asked = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  const append: EventLog['append'] = async (commit) => {
    if (commit.stream.startsWith('event-')) {
      asked.resolve();
      await letGo.promise;
    }
    return log.append(commit);
  };
  return { log: { ...log, append }, asked: asked.promise, letGo: letGo.resolve };
};

const open = async () => {
  const stored = await temporaryLog();
  const { readModels, close } = await temporaryReadModels();
  onTestFinished(close);
  return { stored, readModels };
};

it('closes its stores when an event that is being accepted has started what it starts', async () => {
  const { stored, readModels } = await open();
  const { log, asked, letGo } = holding(stored);
  const order: string[] = [];
  const { core, emit } = openCoreOn({ log, readModels, closed: () => order.push('closed') });
  await core.start();
  await core.definitions.register(SOURCE, CALLER);
  const emitted = emit('happened');
  const answered = emitted.then(() => order.push('started'));
  await asked;
  const closed = core.close();
  for (let turns = 0; turns < TURNS; turns += 1) await turn();
  letGo();
  await Promise.all([closed, answered]);
  expect(order).toEqual(['started', 'closed']);
  const [started] = (await emitted).executions;
  expect((await historyOf(stored, started?.executionId ?? '')).map(({ type }) => type)).toEqual([
    'execution.started',
    'step.queued',
  ]);
});

it('refuses an event that still waits for the workflows to be read, and one that comes later', async () => {
  const { stored, readModels } = await open();
  const { core, emit } = openCoreOn({ log: stored, readModels });
  const refused = {
    name: 'Rejection',
    code: 'UNAVAILABLE',
    message: expect.stringContaining('nothing was stored'),
  };
  const waiting = Promise.allSettled([emit('happened')]);
  await core.close();
  expect(await waiting).toMatchObject([{ reason: refused }]);
  await expect(emit('happened')).rejects.toMatchObject(refused);
  expect(await stored.end()).toBe(0n);
});
