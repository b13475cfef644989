import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, warningsOf } from './parsed.ts';

const document = (more: object): string =>
  JSON.stringify({ workflow: 'a', activities: [{ name: 'charge' }, { name: 'ship' }], ...more });

const COMPENSATE = { error_handling: { workflow_error: { strategy: 'compensate' } } };
const codesOf = (source: string) => problemsOf(source).map((problem) => problem.replace(/^\d+:\d+ /, ''));

describe('what follows from an error', () => {
  it.each(['stop', 'compensate', 'continue'])('is what is said: %s', (strategy) => {
    expect(parsed(document({ error_handling: { workflow_error: { strategy } } })).definition.onError).toBe(
      strategy,
    );
  });

  it('is a stop where nothing is said', () => {
    expect(parsed(document({})).definition.onError).toBe('stop');
    expect(parsed(document({ error_handling: {} })).definition.onError).toBe('stop');
  });
});

describe('a compensation', () => {
  it('is in reverse, with the parameters that its step is given', () => {
    const source = document({
      ...COMPENSATE,
      compensation_activities: {
        charge: { activity: 'refund', params: { id: '${output.id}', to: '${workflow.to}' } },
        ship: { activity: 'call_back' },
      },
      compensation: {
        strategy: 'reverse',
        mode: 'automatic',
        activities: [{ name: 'tell' }, { name: 'close' }],
      },
      variables: { to: 'x' },
    });
    const { compensation } = parsed(source).definition;
    expect(compensation).toMatchObject({
      strategy: 'reverse',
      byStep: { charge: { activity: 'refund' }, ship: { activity: 'call_back' } },
      activities: ['tell', 'close'],
      attemptTimeout: 300_000,
    });
    expect(compensation.byStep['ship']?.params).toBeUndefined();
    const params = compensation.byStep['charge']?.params;
    expect(params?.evaluate({ output: { id: 1 }, workflow: { to: 'y' } })).toEqual({ id: 1, to: 'y' });
    expect(warningsOf(source)).toEqual([]);
  });

  it('may be forward', () => {
    expect(
      parsed(document({ ...COMPENSATE, compensation: { strategy: 'forward' } })).definition.compensation
        .strategy,
    ).toBe('forward');
  });

  it('is tried as often as a step is by default', () => {
    const retry = { max_attempts: 4, backoff: { initial: '2s' } };
    const source = document({ error_handling: { activity_error: { retry } } });
    expect(parsed(source).definition.compensation.retry).toMatchObject({ maxAttempts: 4, initial: 2_000 });
  });

  it('that nothing leads to is warned of', () => {
    expect(warningsOf(document({ compensation_activities: { charge: { activity: 'refund' } } }))).toEqual([
      expect.stringContaining('COMPENSATION_UNUSED compensation_activities'),
    ]);
  });

  it.each([
    [
      'a step that there is none of',
      { compensation_activities: { chrage: { activity: 'u' } } },
      'UNKNOWN_STEP compensation_activities.chrage',
    ],
    [
      'no activity',
      { compensation_activities: { charge: {} } },
      'MISSING_FIELD compensation_activities.charge',
    ],
    ['another order', { compensation: { strategy: 'random' } }, 'WRONG_VALUE compensation.strategy'],
    ['another way to start it', { compensation: { mode: 'by_hand' } }, 'WRONG_VALUE compensation.mode'],
  ])('is refused with %s', (_, more, problem) => {
    expect(codesOf(document({ ...COMPENSATE, ...more }))).toEqual([problem]);
  });
});

describe('a saga', () => {
  const steps = [{ activity: 'create', compensation: 'delete' }, { activity: 'assign' }];

  it('is steps and what undoes them, and is undone', () => {
    const { definition } = parsed(JSON.stringify({ workflow: 'a', saga: { steps } }));
    expect(definition).toMatchObject({
      onError: 'compensate',
      steps: [
        { kind: 'activity', name: 'create', activity: 'create' },
        { kind: 'activity', name: 'assign' },
      ],
      compensation: { byStep: { create: { activity: 'delete' } } },
    });
  });

  it('beside activities says what undoes them', () => {
    const { definition } = parsed(
      document({ saga: { steps: [{ activity: 'charge', compensation: 'refund' }] } }),
    );
    expect(definition.steps.map(({ name }) => name)).toEqual(['charge', 'ship']);
    expect(definition.compensation.byStep).toEqual({ charge: { activity: 'refund' } });
  });

  it.each([
    [
      'a step that is not there',
      document({ saga: { steps } }),
      ['UNKNOWN_STEP saga.steps[0].activity', 'UNKNOWN_STEP saga.steps[1].activity'],
    ],
    [
      'a step twice',
      JSON.stringify({ workflow: 'a', saga: { steps: [{ activity: 'b' }, { activity: 'b' }] } }),
      ['DUPLICATE_STEP saga.steps[1].activity'],
    ],
    [
      'two compensations of one step',
      document({
        saga: { steps: [{ activity: 'charge', compensation: 'refund' }] },
        compensation_activities: { charge: { activity: 'void' } },
      }),
      ['DUPLICATE_COMPENSATION saga.steps[0].compensation'],
    ],
    ['no steps', '{workflow: a, saga: {steps: []}}', ['WRONG_VALUE saga.steps']],
  ])('is refused with %s', (_, source, problems) => {
    expect(codesOf(source)).toEqual(problems);
  });
});
