import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { LogCorrupt, LogUnavailable, type EventLog } from '../../src/ports/event-log.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { openCommands } from './commands.ts';

const on = (workflow: string) =>
  `workflow: ${workflow}\ntrigger: { event: happened }\nactivities: [{ name: rest, wait: { signal: go } }]\n`;
/** More than enough turns for an answer that waits for nothing. */
const TURNS = 200;

/** Commands on a log that does `first`, `second` … with the executions that are started, in the order of their workflows. */
const open = async (...each: readonly (() => Promise<void>)[]) => {
  const log = await temporaryLog();
  const left = [...each];
  const append: EventLog['append'] = async (commit) => {
    if (commit.stream.startsWith('execution-')) await left.shift()?.();
    return log.append(commit);
  };
  const under = await openCommands({ log: { ...log, append } });
  for (const n of each.keys()) await under.register(on(`w${n}`));
  return under;
};

const failing = (error: Error) => async (): Promise<void> => {
  throw error;
};

it('answers that an execution cannot be started once none of the others is being started', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { emit, log } = await open(failing(new LogCorrupt('no')), () => promise);
  const order: string[] = [];
  const answered = emit('happened').catch((error: unknown) => {
    order.push(String(error));
  });
  for (let turns = 0; turns < TURNS; turns += 1) await turn();
  order.push('let go');
  resolve();
  await answered;
  expect(order).toEqual(['let go', 'LogCorrupt: no']);
  const end = await log.end();
  for (let turns = 0; turns < TURNS; turns += 1) await turn();
  expect(await log.end(), 'nothing is started behind the answer').toBe(end);
});

it('lists all executions that cannot be started', async () => {
  const [one, other] = [new LogCorrupt('no'), new LogCorrupt('nor this')];
  const { emit } = await open(failing(one), () => Promise.resolve(), failing(other));
  await expect(emit('happened')).rejects.toMatchObject({
    message: expect.stringMatching(/to start 3 executions, but 2 of them cannot be started\.$/),
    errors: [one, other],
  });
});

it('says that the log is away before anything else, since the call may be repeated then', async () => {
  const { emit, engine } = await open(failing(new LogCorrupt('no')), failing(new LogUnavailable('away')));
  await engine.drain(0);
  await expect(emit('happened')).rejects.toThrow('away');
});
