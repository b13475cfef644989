import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/domain/json.ts';
import { parsed, refused, warningsOf } from './parsed.ts';

const document = (step: object, more: object = {}): string =>
  JSON.stringify({ workflow: 'a', activities: [{ name: 's', ...step }], ...more });
const stepOf = (step: object) => parsed(document(step)).definition.steps[0];
const codesOf = (source: string) => refused(source).map(({ code, path }) => `${code} ${path}`);

const BLOCKS: Readonly<Record<string, JsonObject>> = {
  parallel: { parallel: { branches: [[{ name: 'i' }]] } },
  foreach: { foreach: { items: [1], steps: [{ name: 'i' }] } },
  switch: { switch: [{ else: [{ name: 'i' }] }] },
  while: { while: { condition: false, steps: [{ name: 'i' }] } },
  workflow: { workflow: { name: 'other' } },
};

describe('the time-outs of an activity', () => {
  it('are its attempt’s when only a duration is given', () => {
    const step = stepOf({ timeout: '10s' });
    expect(step).toMatchObject({ attemptTimeout: 10_000 });
    expect(step).not.toHaveProperty('stepTimeout');
    expect(step).not.toHaveProperty('queueTimeout');
  });

  it('are of an attempt, the step, the queue and a heartbeat, each by its name', () => {
    const source = document({ timeout: { attempt: '10s', step: '1m', queue: 'PT30S', heartbeat: '2s' } });
    expect(parsed(source).definition.steps[0]).toMatchObject({
      attemptTimeout: 10_000,
      stepTimeout: 60_000,
      queueTimeout: 30_000,
      heartbeatTimeout: 2_000,
    });
    expect(warningsOf(source)).toEqual([]);
  });
});

describe('the time-out of a block, or of a child', () => {
  it.each(Object.entries(BLOCKS))('is a duration, or that of the step: %s', (_, block) => {
    for (const timeout of ['2h', { step: '2h' }])
      expect(stepOf({ ...block, timeout })).toMatchObject({ stepTimeout: 7_200_000 });
  });

  it.each(Object.entries(BLOCKS))('is of no attempt and of no queue: %s', (_, block) => {
    const source = document({
      ...block,
      timeout: { attempt: '1s', queue: '1s', heartbeat: '1s', step: '1s' },
    });
    expect(codesOf(source)).toEqual([
      'FIELD_NOT_USED activities[0].timeout.attempt',
      'FIELD_NOT_USED activities[0].timeout.queue',
      'FIELD_NOT_USED activities[0].timeout.heartbeat',
    ]);
  });
});

describe('the time-out of a run', () => {
  it.each(['1h', { run: '1h' }])('is a duration, or that of the run: %j', (timeout) => {
    expect(parsed(document({}, { timeout })).definition.runTimeout).toBe(3_600_000);
  });

  it('is none unless it is given', () => {
    expect(parsed(document({})).definition).not.toHaveProperty('runTimeout');
  });
});

describe('the time-out of a compensation', () => {
  it('is for all of it', () => {
    const { compensation } = parsed(document({}, { compensation: { timeout: '5m' } })).definition;
    expect(compensation).toMatchObject({ timeout: 300_000, attemptTimeout: 300_000 });
    expect(parsed(document({})).definition.compensation).not.toHaveProperty('timeout');
  });
});

describe('a time-out that is none', () => {
  it.each<readonly [string, object, object, string]>([
    ['a negative one', { timeout: { step: '-1s' } }, {}, 'BAD_DURATION activities[0].timeout.step'],
    ['none at all', { timeout: { step: '0s' } }, {}, 'WRONG_VALUE activities[0].timeout.step'],
    [
      'none at all, for the queue',
      { timeout: { queue: '0ms' } },
      {},
      'WRONG_VALUE activities[0].timeout.queue',
    ],
    [
      'none at all, for heartbeats',
      { timeout: { heartbeat: '0s' } },
      {},
      'WRONG_VALUE activities[0].timeout.heartbeat',
    ],
    ['a number', { timeout: { queue: 5 } }, {}, 'BAD_DURATION activities[0].timeout.queue'],
    ['another word', { timeout: { stepp: '5s' } }, {}, 'UNKNOWN_FIELD activities[0].timeout.stepp'],
    [
      'none at all, of a block',
      { ...BLOCKS['parallel'], timeout: '0s' },
      {},
      'WRONG_VALUE activities[0].timeout',
    ],
    ['a wait’s', { wait: { for: '1s' }, timeout: '5s' }, {}, 'FIELD_NOT_USED activities[0].timeout'],
    ['a run’s that is negative', {}, { timeout: '-1h' }, 'BAD_DURATION timeout'],
    ['a run’s that is none at all', {}, { timeout: { run: '0h' } }, 'WRONG_VALUE timeout.run'],
    ['a run’s of an attempt', {}, { timeout: { attempt: '1h' } }, 'UNKNOWN_FIELD timeout.attempt'],
    [
      'an undoing’s that is none at all',
      {},
      { compensation: { timeout: '0s' } },
      'WRONG_VALUE compensation.timeout',
    ],
    [
      'an undoing’s that is negative',
      {},
      { compensation: { timeout: '-5m' } },
      'BAD_DURATION compensation.timeout',
    ],
    ['a run’s that is a list', {}, { timeout: ['1h'] }, 'BAD_DURATION timeout'],
  ])('is refused where it stands: %s', (_, step, more, problem) => {
    expect(codesOf(document(step, more))).toEqual([problem]);
  });

  it('is told of with all others, each in its line, with the word that was meant', () => {
    const source = [
      'workflow: a',
      'timeout: { rum: 1h }',
      'activities:',
      '  - name: s',
      '    timeout: { step: 0s, queu: 1s }',
      '  - name: both',
      '    timeout: { attempt: 1s, step: soon }',
      '    parallel: { branches: [[{ name: i }]] }',
    ].join('\n');
    expect(refused(source).map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      '2:12 UNKNOWN_FIELD',
      '5:22 WRONG_VALUE',
      '5:26 UNKNOWN_FIELD',
      '7:16 FIELD_NOT_USED',
      '7:35 BAD_DURATION',
    ]);
    const said = refused(source).map(({ message }) => message);
    expect(said[0]).toContain('"run"');
    expect(said[1]).toBe('Expected a duration of more than 0, but found "0s".');
    expect(said[2]).toContain('"queue"');
  });
});
