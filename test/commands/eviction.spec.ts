import { describe, expect, test } from 'vitest';
import { faultyLog } from '../spec/faulty-log.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { openCommands, WAITING } from './commands.ts';

const open = async (idle: number, text?: number) => {
  const log = faultyLog(await temporaryLog());
  const under = await openCommands({ log, idle, ...(text === undefined ? {} : { text }) });
  await under.register(WAITING);
  const begin = async () => (await under.startExecution('waiting')).executionId;
  /** Whether a signal to the execution has to read it from the log. */
  const isRead = async (id: string): Promise<boolean> => {
    const met = log.met;
    log.fail('read', 'before');
    const signalled = under.signal(id, 'kept');
    await expect
      .poll(() => log.met > met || !under.clock.due.includes(under.clock.now() + 10_000))
      .toBe(true);
    under.clock.advance(100);
    await signalled;
    log.heal();
    return log.met > met;
  };
  return { ...under, log, begin, isRead, executions: under.engine.executions };
};

describe('executions in memory', () => {
  test('are at most so many, and the others go on from the log', async () => {
    const { begin, signal, end, executions } = await open(1);
    const ids = [await begin(), await begin(), await begin()];
    expect(executions.size).toBe(1);
    for (const id of ids) await signal(id, 'go', id);
    expect(executions.size).toBe(0);
    for (const id of ids) {
      expect((await end(id)).state).toMatchObject({ status: 'completed', steps: { rest: { output: id } } });
    }
  });

  test('are those that were used last', async () => {
    const { begin, signal, isRead, executions } = await open(2);
    const [first, second] = [await begin(), await begin()];
    await signal(first, 'kept');
    const third = await begin();
    expect(executions.size).toBe(2);
    expect(await isRead(first)).toBe(false);
    expect(await isRead(third)).toBe(false);
    expect(await isRead(second)).toBe(true);
  });

  test('are let go when they have ended', async () => {
    const { begin, cancel, signal, executions } = await open(10);
    const [first, second] = [await begin(), await begin()];
    expect(executions.size).toBe(2);
    await cancel(first);
    expect(executions.size).toBe(1);
    await signal(second, 'go');
    expect(executions.size).toBe(0);
  });

  test('are brought back to so many after more were worked on at once', async () => {
    const { begin, executions } = await open(3);
    await Promise.all(Array.from({ length: 12 }, begin));
    await executions.settled();
    await begin();
    expect(executions.size).toBe(3);
  });

  test('hold at most so much together, however few they are', async () => {
    const { begin, signal, cancel, isRead, executions } = await open(10, 1_000);
    const [first, second] = [await begin(), await begin()];
    await signal(first, 'kept', 'x'.repeat(600));
    expect(executions.size).toBe(2);
    await signal(second, 'kept', 'x'.repeat(600));
    expect(executions.size).toBe(1);
    expect(await isRead(second)).toBe(false);
    expect(await isRead(first)).toBe(true);
    expect(executions.size).toBe(1);
    await cancel(first);
    for (let n = 0; n < 3; n += 1) await begin();
    expect(executions.size).toBe(3);
  });

  test('that are loaded by an id that there is not are none', async () => {
    const { executions } = await open(3);
    expect(await executions.load('nobody')).toBeUndefined();
    expect(executions.size).toBe(0);
  });

  test('go on by their timers when they are not in memory any more', async () => {
    const { register, startExecution, end, clock, engine } = await openCommands({ idle: 1 });
    await register('workflow: nap\nactivities:\n  - name: nap\n    wait: { for: 10s }\n');
    const started = [await startExecution('nap'), await startExecution('nap'), await startExecution('nap')];
    expect(engine.executions.size).toBe(1);
    clock.advance(10_000);
    for (const { executionId } of started) expect((await end(executionId)).state.status).toBe('completed');
  });

  test('keep being themselves: state, head and position are those of the log', async () => {
    const { begin, signal, executions } = await open(1);
    const id = await begin();
    await signal(id, 'kept', 'a');
    const live = await executions.load(id);
    await begin();
    expect(await executions.load(id)).toEqual(live);
  });
});
