import { describe, expect, test } from 'vitest';
import { handClock } from '../spec/clock.ts';
import { recordedOf } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { ANN, openCommands, type Commands } from './commands.ts';
import { commitsOf, metadataOf } from './stored.ts';

const WORKFLOW = 'workflow: rested\nactivities:\n  - { name: rest, wait: { signal: go } }\n';
const LONGER = `${WORKFLOW}  - { name: more, set: { variables: { more: 1 } } }\n`;
const OTHER = WORKFLOW.replace('name: rest,', 'name: nap,');

/** An execution of the first of three versions: it can go on with the second, and not with the third. */
const resting = async (): Promise<Commands & { readonly id: string; readonly hashes: readonly string[] }> => {
  const commands = await openCommands();
  const first = await commands.register(WORKFLOW);
  const { executionId: id } = await commands.startExecution('rested');
  const others = [await commands.register(LONGER), await commands.register(OTHER)];
  return { ...commands, id, hashes: [first, ...others].map(({ definition }) => definition) };
};

const end = async ({ log, engine }: Pick<Commands, 'log' | 'engine'>, id: string) => {
  await engine.executions.handle(id, { type: 'signal', signal: 'go', payload: null }, ANN);
  const events = await recordedOf(log, id);
  return events.map(({ type, facts }) => [type, facts['step'] ?? facts['definition']]);
};

describe('an execution that is given another version', () => {
  test('is said to be so by an event, with who did it and why', async () => {
    const { log, migrate, id, hashes, clock } = await resting();
    const answer = await migrate(id, 2);
    expect(answer).toEqual({ position: await log.end(), changed: true, reasons: [] });
    expect((await commitsOf(log, `execution-${id}`)).at(-1)).toEqual({
      metadata: metadataOf(ANN, id, clock.now(), hashes[1] ?? ''),
      events: [
        {
          type: 'execution.migrated',
          facts: { workflow: 'rested', from: hashes[0], definition: hashes[1], number: 2 },
          payload: { reason: 'because' },
        },
      ],
    });
    expect(await migrate(id, 2)).toEqual({ ...answer, changed: false });
  });

  test('goes on with it, also where another node had it in memory, and where one takes it up', async () => {
    const { log, clock, id, hashes, migrate } = await resting();
    const other = await openCommands({ log, clock, ids: countingIds(0.5, 9) });
    await other.engine.resume(id);
    await migrate(id, 2);
    expect((await other.engine.executions.load(id))?.definition.hash).toBe(hashes[0]);
    expect((await end(other, id)).slice(-3)).toEqual([
      ['step.completed', 'rest'],
      ['variables.set', 'more'],
      ['execution.completed', hashes[1]],
    ]);
    const last = await openCommands({ log, clock: handClock(), ids: countingIds(0.5, 99) });
    expect((await last.engine.executions.load(id))?.state).toMatchObject({
      status: 'completed',
      definition: hashes[1],
    });
  });

  test('keeps it when that is retired, wherever it is gone on with', async () => {
    const { log, clock, id, hashes, migrate, change } = await resting();
    await migrate(id, 2);
    await change('rested', 'retire', 2);
    await change('rested', 'retire');
    const next = await openCommands({ log, clock, ids: countingIds(0.5, 9) });
    await next.engine.resume(id);
    expect((await end(next, id)).at(-1)).toEqual(['execution.completed', hashes[1]]);
  });

  test('is only asked whether it could be in a dry run', async () => {
    const { store, migrate, id } = await resting();
    expect(await store.thenAddsNothing(() => migrate(id, 2, true))).toMatchObject({
      changed: true,
      reasons: [],
    });
    const { changed, reasons } = await store.thenAddsNothing(() => migrate(id, 3, true));
    expect([changed, reasons.map(({ code, step }) => `${code} ${step}`)]).toEqual([
      false,
      ['STEP_MISSING rest'],
    ]);
    expect(await migrate(id, 1, true)).toMatchObject({ changed: false, reasons: [] });
  });

  test('is refused what it cannot go on with, with all reasons, and what there is none of', async () => {
    const { store, migrate, id, change, signal } = await resting();
    const codeOf = (work: () => Promise<unknown>) =>
      store.thenAddsNothing(() => work().catch((error: unknown) => error));
    expect(await codeOf(() => migrate(id, 3))).toMatchObject({
      code: 'MIGRATION_REFUSED',
      details: { field: 'to', found: 3, reasons: [{ code: 'STEP_MISSING', step: 'rest' }] },
    });
    expect(await codeOf(() => migrate(id, 4))).toMatchObject({ code: 'VERSION_NOT_FOUND' });
    expect(await codeOf(() => migrate('nobody', 1))).toMatchObject({ code: 'EXECUTION_NOT_FOUND' });
    await change('rested', 'retire', 2);
    expect(await codeOf(() => migrate(id, 2))).toMatchObject({ code: 'VERSION_RETIRED' });
    await signal(id, 'go');
    for (const dryRun of [true, false])
      expect(await codeOf(() => migrate(id, 3, dryRun))).toMatchObject({ code: 'EXECUTION_ENDED' });
  });
});
