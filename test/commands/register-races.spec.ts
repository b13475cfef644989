import { describe, expect, test } from 'vitest';
import { faultyLog } from '../spec/faulty-log.ts';
import { countingIds } from '../spec/ids.ts';
import { passTime } from '../spec/pass-time.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { openCommands } from './commands.ts';
import { commitsOf } from './stored.ts';

const version = (n: number) => `workflow: raced\nvariables: { n: ${n} }\nactivities: [{ name: work }]\n`;

const numbersIn = async (log: Parameters<typeof commitsOf>[0]) =>
  (await commitsOf(log, 'workflow-raced')).map(({ events }) => events.map(({ facts }) => facts['number']));

describe('versions that are registered at the same time', () => {
  test('are numbered one after the other, with no gap', async () => {
    const { register, log, definitions } = await openCommands();
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => register(version(n))));
    expect(answers.map(({ number }) => number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(answers.every(({ created }) => created)).toBe(true);
    expect(await numbersIn(log)).toEqual([[1], [2], [3], [4], [5], [6]]);
    const latest = answers.find(({ number }) => number === 6);
    expect((await definitions.startable('raced')).hash).toBe(latest?.definition);
    expect(latest?.position).toBe(await log.end());
  });

  test('by two processes are numbered one after the other', async () => {
    const log = await temporaryLog();
    const here = await openCommands({ log, ids: countingIds(0.5, 1) });
    const there = await openCommands({ log, ids: countingIds(0.5, 2) });
    await here.register(version(1));
    await there.register(version(1));
    const answers = await Promise.all([here.register(version(2)), there.register(version(3))]);
    expect(answers.map(({ number }) => number).sort((a, b) => a - b)).toEqual([2, 3]);
    expect(await numbersIn(log)).toEqual([[1], [2], [3]]);
  });

  test('and say the same are one version, created once', async () => {
    const { register, log } = await openCommands();
    const answers = await Promise.all([1, 1, 1].map((n) => register(version(n))));
    expect(answers.map(({ number }) => number)).toEqual([1, 1, 1]);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ position }) => position)).size).toBe(1);
    expect(await numbersIn(log)).toEqual([[1]]);
  });
});

describe('a log that is away while a version is registered', () => {
  test.for(['before', 'after'] as const)('%s it is written holds it once', async (outage) => {
    const log = faultyLog(await temporaryLog());
    const { register, clock } = await openCommands({ log });
    log.fail('append', outage, outage, outage);
    expect(await passTime(clock, register(version(1)))).toMatchObject({ number: 1, created: true });
    expect(log.met).toBe(3);
    expect(await numbersIn(log)).toEqual([[1]]);
  });

  test('before it can be read is waited for, and holds it once', async () => {
    const log = faultyLog(await temporaryLog());
    const { register, clock } = await openCommands({ log });
    log.fail('read', 'before', 'before');
    expect(await passTime(clock, register(version(1)))).toMatchObject({ number: 1, created: true });
    expect(log.met).toBe(2);
  });

  test('while the version of another process is looked for is waited for', async () => {
    const stored = await temporaryLog();
    const log = faultyLog(stored);
    const { register, clock } = await openCommands({ log });
    const there = await openCommands({ log: stored, ids: countingIds(0.5, 2) });
    await register(version(1));
    await there.register(version(2));
    log.fail('read', 'before', 'before');
    expect(await passTime(clock, register(version(3)))).toMatchObject({ number: 3, created: true });
    expect(log.met).toBe(2);
  });

  test('does not make a version that came later forgotten', async () => {
    const log = faultyLog(await temporaryLog());
    const { register, clock, definitions } = await openCommands({ log });
    log.fail('append', 'after');
    const first = register(version(1));
    await clock.armed(clock.now() + 100);
    const second = await register(version(2));
    expect(await passTime(clock, first)).toMatchObject({ number: 1, created: true });
    expect(second.number).toBe(2);
    expect((await definitions.startable('raced')).hash).toBe(second.definition);
  });
});
