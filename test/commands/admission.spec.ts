import { describe, expect, test } from 'vitest';
import { createAdmission } from '../../src/commands/admission.ts';
import { faultyLog } from '../spec/faulty-log.ts';
import { passTime } from '../spec/pass-time.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { openCommands, WAITING, type CommandsParts } from './commands.ts';

const LISTENING =
  'workflow: listening\ntrigger: { event: rung }\nactivities:\n  - name: note\n    activity: notify\n';
const CALLING = 'workflow: calling\nactivities:\n  - name: call\n    activity: notify\n';

const overloaded = (found: number, expected: number): object => ({
  code: 'OVERLOADED',
  message: `Expected fewer than ${expected} commands or executions under way, but there are ${found}: nothing was stored, try again later.`,
  details: { found, expected, retryAfter: 1_000 },
});

/** A server with a call under way that ends when it is told to. */
const openBusy = async (parts: CommandsParts = {}) => {
  const gate = Promise.withResolvers<null>();
  const commands = await openCommands({
    maxPending: 1,
    activities: { notify: () => gate.promise },
    ...parts,
  });
  await commands.register(CALLING);
  await commands.register(WAITING);
  await commands.register(LISTENING);
  const { executionId } = await commands.startExecution('calling');
  return { ...commands, executionId, finish: () => gate.resolve(null) };
};

describe('a server that has as much under way as it may', () => {
  test('refuses to start an execution, and stores nothing of it', async () => {
    const { startExecution, store, finish, end, executionId } = await openBusy();
    await store.thenRefused(() => startExecution('waiting', null, 'a key'), overloaded(1, 1));
    finish();
    await end(executionId);
    expect(await startExecution('waiting', null, 'a key')).toMatchObject({ created: true });
  });

  test('refuses an event, and stores nothing of it', async () => {
    const { emit, store, finish, end, executionId } = await openBusy();
    await store.thenRefused(() => emit('rung', null, 'a key'), overloaded(1, 1));
    finish();
    await end(executionId);
    expect((await emit('rung', null, 'a key')).executions).toMatchObject([{ created: true }]);
  });

  test('takes everything else: definitions, signals, the end of calls, and cancellations', async () => {
    const { register, signal, cancel, executionId, finish, end } = await openBusy();
    await register('workflow: another\nactivities:\n  - name: note\n    activity: notify\n');
    await signal(executionId, 'kept');
    finish();
    expect((await end(executionId)).state.status).toBe('completed');
    const other = await openBusy();
    await other.cancel(other.executionId);
    await expect(cancel(executionId)).rejects.toMatchObject({ code: 'EXECUTION_ENDED' });
  });

  test('does not count what waits for a time or a signal', async () => {
    const { register, startExecution } = await openCommands({ maxPending: 1 });
    await register(WAITING);
    for (const key of ['a', 'b', 'c'])
      expect(await startExecution('waiting', null, key)).toMatchObject({ created: true });
  });

  test('lets in no more than the limit, however many come at once', async () => {
    const { register, startExecution, log } = await openCommands({ maxPending: 5 });
    await register(WAITING);
    const before = await log.end();
    const answers = await Promise.allSettled(Array.from({ length: 100 }, () => startExecution('waiting')));
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(95);
    for (const { reason } of refused as PromiseRejectedResult[])
      expect(reason).toMatchObject(overloaded(5, 5));
    // Each that was let in began, and waits for its signal: three events.
    expect(await log.end()).toBe(before + 15n);
  });

  test('counts work that the log is waited for, also when its caller has gone', async () => {
    const log = faultyLog(await temporaryLog());
    const { register, startExecution, clock, engine } = await openCommands({ log, maxPending: 2 });
    await register(WAITING);
    log.fail('append', ...Array.from({ length: 100 }, () => 'before' as const));
    const lost = ['a', 'b'].map((key) => startExecution('waiting', null, key));
    for (const answer of await passTime(clock, Promise.allSettled(lost)))
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    await expect(startExecution('waiting', null, 'c')).rejects.toMatchObject(overloaded(2, 2));
    log.heal();
    // The work ends without its callers, and then there is room again.
    await passTime(clock, engine.executions.settled());
    expect(await startExecution('waiting', null, 'a')).toMatchObject({ created: false });
    expect(await startExecution('waiting', null, 'c')).toMatchObject({ created: true });
  });
});

describe('an admission', () => {
  test('lets in again when work ends, well or badly', async () => {
    const { admit } = createAdmission({ limit: 1, busy: () => 0 });
    await expect(admit(() => Promise.reject(new Error('bad')))).rejects.toThrow('bad');
    expect(await admit(() => Promise.resolve('good'))).toBe('good');
    const gate = Promise.withResolvers<string>();
    const first = admit(() => gate.promise);
    await expect(admit(() => Promise.resolve('more'))).rejects.toMatchObject({ code: 'OVERLOADED' });
    gate.resolve('end');
    expect(await first).toBe('end');
    expect(await admit(() => Promise.resolve('more'))).toBe('more');
  });
});
