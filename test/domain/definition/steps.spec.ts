import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, refused, warningsOf } from './parsed.ts';

const withStep = (step: object, more: object = {}): string =>
  JSON.stringify({ workflow: 'a', activities: [{ name: 'b', ...step }], ...more });

const stepOf = (step: object, more: object = {}) => parsed(withStep(step, more)).definition.steps[0];

const codesOf = (source: string) => problemsOf(source).map((problem) => problem.replace(/^\d+:\d+ /, ''));

describe('a step that calls an activity', () => {
  it('is tried once, within five minutes, where nothing is said', () => {
    expect(stepOf({})).toEqual({
      kind: 'activity',
      name: 'b',
      maxVisits: 100,
      activity: 'b',
      output: {},
      attemptTimeout: 300_000,
      retry: { maxAttempts: 1, initial: 1_000, multiplier: 2, max: 300_000, jitter: 0.1, nonRetryable: [] },
    });
  });

  it('may call another than its name', () => {
    expect(stepOf({ activity: 'Send Mail' })).toMatchObject({ name: 'b', activity: 'Send Mail' });
  });

  it.each([
    ['a duration', '10s'],
    ['the attempt', { attempt: 'PT10S' }],
  ])('has the time-out of an attempt: %s', (_, timeout) => {
    expect(stepOf({ timeout })).toMatchObject({ attemptTimeout: 10_000 });
  });

  it('has its own retry over that of the definition, field by field', () => {
    const shared = {
      retry: {
        max_attempts: 5,
        backoff: { initial: '2s', multiplier: 3, max: '1m' },
        non_retryable: ['Refused'],
      },
    };
    const more = { error_handling: { activity_error: shared } };
    expect(stepOf({}, more)).toMatchObject({
      retry: {
        maxAttempts: 5,
        initial: 2_000,
        multiplier: 3,
        max: 60_000,
        jitter: 0.1,
        nonRetryable: ['Refused'],
      },
    });
    expect(
      stepOf({ retry: { max_attempts: 2, backoff: { initial: '1s' }, non_retryable: [] } }, more),
    ).toMatchObject({
      retry: { maxAttempts: 2, initial: 1_000, multiplier: 3, max: 60_000, nonRetryable: [] },
    });
  });

  it.each([
    ['skips', { activity: 'skip' }, { kind: 'skip' }],
    ['calls another', { activity: 'degrade' }, { kind: 'activity', activity: 'degrade' }],
  ])('has a fallback, its own or the definition’s, that %s', (_, fallback, built) => {
    const more = { error_handling: { activity_error: { fallback: { activity: 'other' } } } };
    expect(stepOf({ fallback }, more)).toMatchObject({ fallback: built });
    expect(stepOf({}, { error_handling: { activity_error: { fallback } } })).toMatchObject({
      fallback: built,
    });
  });

  it.each([
    [
      'retry without attempts',
      { retry: { backoff: { initial: '1s' } } },
      'RETRY_WITHOUT_ATTEMPTS activities[0].retry',
    ],
    ['no attempt', { retry: { max_attempts: 0 } }, 'WRONG_VALUE activities[0].retry.max_attempts'],
    ['half an attempt', { retry: { max_attempts: 1.5 } }, 'WRONG_TYPE activities[0].retry.max_attempts'],
    [
      'a fallback to nothing',
      { fallback: { notify: true } },
      'FALLBACK_WITHOUT_ACTIVITY activities[0].fallback',
    ],
    ['a guard that is a text', { when: 'input.x == 1' }, 'BAD_EXPRESSION activities[0].when'],
    ['a guard with a text around it', { when: 'is ${input.x}' }, 'BAD_EXPRESSION activities[0].when'],
    ['a guard that is a number', { when: 1 }, 'WRONG_TYPE activities[0].when'],
    ['a list of outputs', { output: ['x'] }, 'WRONG_TYPE activities[0].output'],
    ['a name in capitals', { name: 'Notify' }, 'BAD_NAME activities[0].name'],
  ])('is refused with %s', (_, step, problem) => {
    expect(codesOf(withStep(step))).toEqual([problem]);
  });

  it('must be there, once by each name, and no more than a thousand times', () => {
    expect(codesOf('{workflow: a}')).toEqual(['MISSING_FIELD ']);
    expect(codesOf('{workflow: a, activities: []}')).toEqual(['WRONG_VALUE activities']);
    expect(codesOf('{workflow: a, activities: [{name: b}, {name: b}]}')).toEqual([
      'DUPLICATE_STEP activities[1].name',
    ]);
    const many = Array.from({ length: 1_001 }, (_, index) => ({ name: `s${index}` }));
    expect(codesOf(JSON.stringify({ workflow: 'a', activities: many }))).toEqual(['WRONG_VALUE activities']);
  });
});

describe('a step that sets variables', () => {
  it('has them as templates', () => {
    const step = stepOf({ when: true, set: { variables: { sum: '${input.a + input.b}', note: 'n' } } });
    if (step?.kind !== 'set') throw new Error('Expected a step that sets.');
    expect(step.variables['sum']?.evaluate({ input: { a: 1, b: 2 } })).toBe(3);
    expect(step.variables['note']?.evaluate({})).toBe('n');
    expect(step.when?.evaluate({})).toBe(true);
  });

  it.each([
    ['nothing to set', { set: {} }, 'MISSING_FIELD activities[0].set'],
    [
      'fields of an activity',
      { set: { variables: {} }, retry: { max_attempts: 2 } },
      'FIELD_NOT_USED activities[0].retry',
    ],
    ['an activity', { set: { variables: {} }, activity: 'c' }, 'AMBIGUOUS_STEP activities[0]'],
  ])('is refused with %s', (_, step, problem) => {
    expect(codesOf(withStep(step))).toEqual([problem]);
  });
});

describe('a step that waits', () => {
  it.each([
    ['for a duration', { for: '5m' }, { kind: 'for', duration: 300_000 }],
    ['for a signal', { signal: 'approved' }, { kind: 'signal', signal: 'approved' }],
    [
      'for a signal, not for ever',
      { signal: 'approved', timeout: '1d' },
      { kind: 'signal', signal: 'approved', timeout: 86_400_000 },
    ],
  ])('is one %s', (_, wait, on) => {
    expect(stepOf({ wait })).toEqual({ kind: 'wait', name: 'b', maxVisits: 100, on, output: {} });
  });

  it.each([
    ['for what an expression says', { for: '${input.wait}' }, '90s'],
    ['for what a text with one says', { for: '${input.seconds}s' }, '90s'],
  ])('is one %s', (_, wait, value) => {
    const step = stepOf({ wait });
    const duration = step?.kind === 'wait' && step.on.kind === 'for' ? step.on.duration : 0;
    expect(typeof duration === 'object' && duration.evaluate({ input: { wait: '90s', seconds: 90 } })).toBe(
      value,
    );
  });

  it.each([
    ['until a time', '2026-01-31T09:00:00Z'],
    ['until what an expression says', '${input.at}'],
    ['until what a text with one says', '${input.day}T09:00:00Z'],
  ])('is one %s', (_, until) => {
    const step = stepOf({ wait: { until } });
    const time = step?.kind === 'wait' && step.on.kind === 'until' ? step.on.time : undefined;
    const input = { at: '2026-01-31T09:00:00Z', day: '2026-01-31' };
    expect(time?.evaluate({ input })).toBe('2026-01-31T09:00:00Z');
  });

  it('hands on what a signal brings', () => {
    const step = stepOf({ wait: { signal: 's' }, output: { by: '${output.by}' } });
    if (step?.kind !== 'wait') throw new Error('Expected a step that waits.');
    expect(step.output['by']?.evaluate({ output: { by: 'ada' } })).toBe('ada');
  });

  it.each([
    ['nothing', { wait: {} }, 'AMBIGUOUS_WAIT activities[0].wait'],
    ['two things', { wait: { for: '1s', signal: 's' } }, 'AMBIGUOUS_WAIT activities[0].wait'],
    ['a number', { wait: { for: 5 } }, 'BAD_DURATION activities[0].wait.for'],
    ['a time that is none', { wait: { until: 'tomorrow' } }, 'BAD_TIME activities[0].wait.until'],
    [
      'a time-out of a time',
      { wait: { for: '1s', timeout: '2s' } },
      'FIELD_NOT_USED activities[0].wait.timeout',
    ],
    ['an input', { wait: { for: '1s' }, input: 1 }, 'FIELD_NOT_USED activities[0].input'],
    ['variables to set', { wait: { for: '1s' }, set: { variables: {} } }, 'AMBIGUOUS_STEP activities[0]'],
  ])('is refused with %s', (_, step, problem) => {
    expect(codesOf(withStep(step))).toEqual([problem]);
  });
});

describe('the start input', () => {
  it('is checked by a JSON Schema', () => {
    const schema = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };
    const { definition } = parsed(withStep({}, { input: { schema } }));
    expect(definition.checkInput({ id: 'x' })).toEqual([]);
    expect(definition.checkInput({ id: 1 })).toEqual(['id must be string']);
    expect(definition.checkInput(null)).toEqual(['the value must be object']);
  });

  it('is refused a schema that is none', () => {
    expect(refused(withStep({}, { input: { schema: { type: 'strin' } } }))).toMatchObject([
      { code: 'BAD_SCHEMA', path: 'input.schema' },
    ]);
  });

  it('is anything where nothing is said', () => {
    expect(parsed(withStep({})).definition.checkInput([1])).toEqual([]);
    expect(warningsOf(withStep({}))).toEqual([]);
  });
});
