import { describe, expect, test } from 'vitest';
import { appendPatiently, checkSize, whenAvailable } from '../../src/commands/append.ts';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import { NO_STREAM, seal, type SealedCommit } from '../../src/domain/chain.ts';
import type { Json } from '../../src/domain/json.ts';
import { LogUnavailable, WrongExpectedRevision } from '../../src/ports/event-log.ts';
import { handClock } from '../spec/clock.ts';
import { CALLER } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { passTime } from '../spec/pass-time.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const commitOf = (...payloads: readonly (Json | undefined)[]): SealedCommit => {
  const events = payloads.map((payload) => ({ type: 'event.emitted', facts: {}, payload }));
  return seal(
    'event-1',
    NO_STREAM,
    events,
    createEnvelopes('a', countingIds()).open('1', CALLER, 'default', 0),
  );
};

describe('asking a log that is away', () => {
  const away = () => Promise.reject(new LogUnavailable('away'));
  const never = new AbortController().signal;

  test('is repeated after pauses that grow up to two seconds', async () => {
    const clock = handClock(0);
    const asked: number[] = [];
    const ask = () => {
      asked.push(clock.now());
      return asked.length < 9 ? away() : Promise.resolve('there');
    };
    expect(await passTime(clock, whenAvailable(clock, never, ask))).toBe('there');
    expect(asked).toEqual([0, 100, 300, 700, 1_500, 3_100, 5_100, 7_100, 9_100]);
  });

  test('is given up once it is of no use any more', async () => {
    const clock = handClock();
    const over = new AbortController();
    let asked = 0;
    const ask = () => {
      asked += 1;
      return away();
    };
    const giveUp = whenAvailable(clock, over.signal, ask);
    await expect.poll(() => clock.due).toHaveLength(1);
    over.abort();
    await expect(giveUp).rejects.toThrow(LogUnavailable);
    expect([asked, clock.due], 'asked once more, and nothing left to wait for').toEqual([2, []]);
  });

  test('is not repeated for any other error', async () => {
    const clock = handClock();
    const ask = () => Promise.reject(new WrongExpectedRevision('event-1', -1, 0));
    await expect(whenAvailable(clock, never, ask)).rejects.toThrow(WrongExpectedRevision);
  });

  test('is not needed when it answers at once', async () => {
    const clock = handClock();
    const log = await temporaryLog();
    const commit = commitOf(null);
    expect(await appendPatiently(log, clock, commit, never)).toEqual({ position: await log.end() });
    await expect(appendPatiently(log, clock, { ...commit, revision: 7 }, never)).rejects.toMatchObject({
      code: 'WRONG_EXPECTED_REVISION',
      expected: 6,
      actual: 0,
    });
    expect(clock.due).toEqual([]);
  });
});

describe('the size of a commit', () => {
  const refused = (limit: number, ...payloads: readonly (Json | undefined)[]): unknown => {
    try {
      checkSize(commitOf(...payloads), limit);
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test.for([
    ['ASCII', 'x'.repeat(98), 100],
    ['two bytes a character', 'é'.repeat(49), 100],
    ['three bytes a character', '€'.repeat(30), 92],
    ['four bytes a character of two units', '😀'.repeat(20), 82],
  ] as const)('is that of each payload, in bytes of UTF-8: %s', ([, payload, size]) => {
    expect(refused(size, payload)).toBeUndefined();
    expect(refused(size - 1, payload)).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      message: `Expected a payload of at most ${size - 1} bytes, but that of event.emitted has ${size}.`,
      details: { field: 'payload', found: size, expected: size - 1 },
    });
  });

  test('is measured event by event: together they may be larger', () => {
    expect(refused(100, 'x'.repeat(90), 'x'.repeat(90), undefined)).toBeUndefined();
    expect(refused(100, 'x'.repeat(10), undefined, 'x'.repeat(99))).toMatchObject({
      details: { found: 101 },
    });
  });
});

describe('an envelope', () => {
  const envelopes = createEnvelopes('node-7', countingIds());

  test('without a caller is the engine’s own', () => {
    expect(envelopes.open('e-1', undefined, 'acme', 5, 'sha256:1')).toMatchObject({
      $correlationId: 'e-1',
      at: 5,
      actor: { id: 'engine', kind: 'engine', via: 'internal' },
      tenant: 'acme',
      node: 'node-7',
      schema: 1,
      definition: 'sha256:1',
    });
  });

  test('names another command each time', () => {
    const causes = [1, 2, 3].map((at) => envelopes.open('e-1', CALLER, 'acme', at).$causationId);
    expect(new Set(causes).size).toBe(3);
  });

  test('has neither a definition nor a trace when there is none', () => {
    expect(Object.keys(envelopes.open('e-1', CALLER, 'acme', 5))).toEqual([
      '$correlationId',
      '$causationId',
      'at',
      'actor',
      'tenant',
      'node',
      'schema',
    ]);
  });
});
