import { describe, expect, test } from 'vitest';
import { patiently } from '../../src/commands/patience.ts';
import { emittedEventIdOf, executionIdOf } from '../../src/domain/uuid.ts';
import { handClock } from '../spec/clock.ts';
import { faultyLog } from '../spec/faulty-log.ts';
import { passTime } from '../spec/pass-time.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { openCommands, WAITING, type Commands } from './commands.ts';
import { commitsOf } from './stored.ts';

const TRIGGERED = WAITING.replace('workflow: waiting', 'workflow: triggered\ntrigger: { event: happened }');

const open = async () => {
  const log = faultyLog(await temporaryLog());
  const under = await openCommands({ log });
  await under.register(WAITING);
  await under.register(TRIGGERED);
  const { executionId: id } = await under.startExecution('waiting');
  const away = () => log.fail('append', ...Array.from({ length: 1_000 }, () => 'before' as const));
  return { ...under, log, id, away };
};

type Sends = (commands: Commands, id: string) => Promise<unknown>;

const commands: readonly (readonly [string, string, Sends])[] = [
  ['register', 'workflow-by_hand', ({ register }) => register(WAITING.replace('waiting', 'by_hand'))],
  [
    'start',
    `execution-${executionIdOf('waiting', 'a-key')}`,
    ({ startExecution }) => startExecution('waiting', null, 'a-key'),
  ],
  ['emit', `event-${emittedEventIdOf('happened', 'a-key')}`, ({ emit }) => emit('happened', 1, 'a-key')],
  ['signal', '', ({ signal }, id) => signal(id, 'kept', 1)],
  ['cancel', '', ({ cancel }, id) => cancel(id)],
];

describe('a caller whose command the log does not answer', () => {
  test.for(commands)(
    'is told so after ten seconds, and the command is carried out once: %s',
    async ([, stream, send]) => {
      const under = await open();
      const { log, clock, id, away } = under;
      const before = await commitsOf(log, stream || `execution-${id}`);
      const began = clock.now();
      away();
      await expect(passTime(clock, send(under, id))).rejects.toMatchObject({
        name: 'Rejection',
        code: 'UNAVAILABLE',
        message: 'Expected the event log to answer within 10 s, but it did not.',
        details: { expected: 'repeat the call with the same idempotency key: it is carried out once' },
      });
      expect(clock.now() - began).toBe(10_000);
      log.heal();
      const stored = async () => commitsOf(log, stream || `execution-${id}`);
      await passTime(clock, expect.poll(async () => (await stored()).length).toBe(before.length + 1));
      await passTime(clock, under.engine.executions.settled());
      expect(await stored()).toHaveLength(before.length + 1);
    },
  );

  test.for(commands.filter(([name]) => name === 'start' || name === 'emit' || name === 'register'))(
    'may repeat it, and it is done once: %s',
    async ([, stream, send]) => {
      const under = await open();
      const { log, clock, id, away } = under;
      away();
      await expect(passTime(clock, send(under, id))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      const again = send(under, id);
      log.heal();
      await passTime(clock, again);
      await passTime(clock, under.engine.executions.settled());
      expect(await commitsOf(log, stream)).toHaveLength(1);
    },
  );

  test('that fails after all leaves nothing behind', async () => {
    const { log, signal, clock, id, engine, away } = await open();
    away();
    await expect(passTime(clock, signal(id, 'kept'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await passTime(clock, engine.drain(0));
    await passTime(clock, engine.executions.settled());
    log.heal();
    expect(await commitsOf(log, `execution-${id}`)).toHaveLength(1);
    expect(clock.due).toEqual([]);
  });
});

describe('a caller for whom the log is to be read first', () => {
  const reading: typeof commands = [
    ['register', '', ({ register }) => register(WAITING)],
    ['start', '', ({ startExecution }) => startExecution('waiting', null, 'a-key')],
    ['emit', '', ({ emit }) => emit('happened', 1, 'a-key')],
  ];

  /** Another process on the log of one that has carried all of it out. */
  const another = async () => {
    const { log, ...first } = await open();
    await first.emit('happened', 1, 'a-key');
    return { ...(await openCommands({ log })), log };
  };

  test.for(reading)('is answered when the log is back: %s', async ([, , send]) => {
    const under = await another();
    under.log.fail('read', 'before', 'before');
    await passTime(under.clock, send(under, ''));
    expect(under.log.met).toBe(2);
  });

  test.for(reading)('is told after ten seconds that it does not answer: %s', async ([, , send]) => {
    const under = await another();
    under.log.fail('read', ...Array.from({ length: 1_000 }, () => 'before' as const));
    await expect(passTime(under.clock, send(under, ''))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('patience', () => {
  test('ends with the answer, and leaves no timer behind', async () => {
    const clock = handClock();
    expect(await patiently(clock, Promise.resolve(7))).toBe(7);
    await expect(patiently(clock, Promise.reject(new TypeError('no')))).rejects.toThrow(TypeError);
    expect(clock.due).toEqual([]);
  });

  test('lasts until the last millisecond', async () => {
    const clock = handClock();
    const { promise, resolve } = Promise.withResolvers<string>();
    const waiting = patiently(clock, promise);
    clock.advance(9_999);
    resolve('in time');
    expect(await waiting).toBe('in time');
  });
});
