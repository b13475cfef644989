import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import { historyOf, openEngine, recordedOf } from '../spec/engine.ts';
import { faultyLog, type Outage } from '../spec/faulty-log.ts';
import { passTime } from '../spec/pass-time.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const THREE = 'workflow: three\nactivities:\n  - name: one\n  - name: two\n  - name: three\n';
const SIX = [
  'execution.started',
  'step.started',
  'step.completed',
  'step.started',
  'step.completed',
  'step.started',
  'step.completed',
  'execution.completed',
];

const open = async () => {
  const log = faultyLog(await temporaryLog());
  const called: string[] = [];
  const work = ({ step, attempt }: { step: string; attempt: number }) =>
    void called.push(`${step} ${attempt}`);
  return { log, called, ...openEngine({ log, idle: 1, activities: { one: work, two: work, three: work } }) };
};

describe('a log that is away for a while', () => {
  test.for<[string, Outage[]]>([
    ['before it writes', ['before', 'before', 'before']],
    ['after it wrote', ['after']],
    ['again and again', ['before', 'after', 'after', 'before', 'after']],
  ])('%s loses nothing and doubles nothing', async ([, outages]) => {
    const { log, called, start, end, clock, errors } = await open();
    const { id } = await passTime(clock, start(THREE));
    log.fail('append', ...outages);
    const { types } = await passTime(clock, end(id));
    expect(types).toEqual(SIX);
    expect([called, errors]).toEqual([['one 1', 'two 1', 'three 1'], []]);
  });

  test('whenever it is away, an execution ends as it would have, each activity called once', async () => {
    const plan = fc.array(fc.constantFrom<Outage>('before', 'after'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(plan, plan, async (appends, reads) => {
        const { log, called, start, engine, clock, errors } = await open();
        await passTime(
          clock,
          start('workflow: rest\nactivities:\n  - name: rest\n    wait: { signal: never }\n'),
        );
        log.fail('append', ...appends);
        const { id } = await passTime(clock, start(THREE));
        log.fail('read', ...reads.filter((outage) => outage === 'before'));
        await passTime(clock, engine.ended(id));
        log.heal();
        const recorded = await recordedOf(log, id);
        expect(recorded.map(({ type }) => type)).toEqual(SIX);
        expect(verifyChain(`execution-${id}`, recorded)).toMatchObject({ ok: true });
        expect([called, errors]).toEqual([['one 1', 'two 1', 'three 1'], []]);
      }),
      { numRuns: 25 },
    );
  });

  test('when the result of a call is to be recorded, and the execution is read anew for it', async () => {
    const log = faultyLog(await temporaryLog());
    let release: () => void = () => undefined;
    const { start, end, clock, errors } = openEngine({
      log,
      idle: 1,
      activities: { one: () => new Promise<void>((resolve) => (release = resolve)) },
    });
    const { id } = await start('workflow: slow\nactivities:\n  - name: one\n');
    await start('workflow: rest\nactivities:\n  - name: rest\n    wait: { signal: never }\n');
    log.fail('read', 'before', 'before');
    release();
    const { state } = await passTime(clock, end(id));
    expect(log.met).toBe(2);
    expect([state.status, errors]).toEqual(['completed', []]);
  });

  test('is not waited for once the engine has stopped', async () => {
    const log = faultyLog(await temporaryLog());
    const called: string[] = [];
    const { start, engine, clock, errors } = openEngine({
      log,
      activities: { one: ({ step }) => void called.push(step) },
    });
    log.fail('append', ...Array.from({ length: 100 }, () => 'before' as const));
    const register = start('workflow: late\nactivities: [{ name: one }]');
    const drained = passTime(clock, engine.drain(1_000));
    await expect(passTime(clock, register)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    await drained;
    expect([called, errors]).toEqual([[], []]);
    expect(await historyOf(log, '0199a8f2-6f00-7000-8000-000000000001')).toEqual([]);
  });
});
