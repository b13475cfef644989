import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, warningsOf } from './parsed.ts';

const limitsOf = (source: string) =>
  parsed(source).definition.steps.map((step) =>
    step.kind === 'activity' ? [step.limits, step.bulkheadFallback] : step.kind,
  );

describe('how many calls are made at once', () => {
  it('is limited for the workflow and for each activity, whichever block says so', () => {
    const source = `
workflow: a
concurrency: { max_activities: 100, queuing: { strategy: fifo, timeout: 30s } }
bulkhead: { max_concurrent: 10, max_queue_size: 100, timeout: 30s, fallback: { activity: degrade } }
activities:
  - name: one
  - name: two
    bulkhead: { max_concurrent: 2, fallback: { activity: skip } }
  - name: three
    set: { variables: { x: 1 } }
`;
    const workflow = { gate: 'max_activities', limit: 100, timeout: 30_000 };
    const bulkhead = { gate: 'bulkhead', limit: 10, queue: 100, timeout: 30_000 };
    expect(limitsOf(source)).toMatchObject([
      [[workflow, bulkhead], { kind: 'activity', activity: 'degrade' }],
      [[workflow, { ...bulkhead, limit: 2 }], { kind: 'skip' }],
      'set',
    ]);
    expect(warningsOf(source)).toEqual([]);
  });

  it('is ten, with any number that wait, in a bulkhead that says nothing, and not limited without one', () => {
    expect(limitsOf('workflow: a\nactivities:\n  - name: one\n    bulkhead: {}\n  - name: two\n')).toEqual([
      [[{ gate: 'bulkhead', limit: 10 }], undefined],
      [undefined, undefined],
    ]);
  });

  it('is refused with everything that is wrong of it, and where', () => {
    const source = `
workflow: a
concurrency: { max_activities: 0, queuing: { strategy: lifo, timeout: 0s } }
bulkhead: { max_concurrent: 0, max_queue: 1, timeout: 0s, fallback: {} }
activities:
  - name: one
    bulkhead: { max_concurrent: 1.5, max_queue_size: -1, timeout: soon }
  - name: two
    wait: { for: 1s }
    bulkhead: {}
  - name: three
    bulkhead: []
`;
    expect(problemsOf(source).map((problem) => problem.replace(/^(\d+):\d+/, '$1'))).toEqual([
      '3 WRONG_VALUE concurrency.max_activities',
      '3 WRONG_VALUE concurrency.queuing.strategy',
      '3 WRONG_VALUE concurrency.queuing.timeout',
      '4 WRONG_VALUE bulkhead.max_concurrent',
      '4 UNKNOWN_FIELD bulkhead.max_queue',
      '4 WRONG_VALUE bulkhead.timeout',
      '4 FALLBACK_WITHOUT_ACTIVITY bulkhead.fallback',
      '7 WRONG_TYPE activities[0].bulkhead.max_concurrent',
      '7 WRONG_VALUE activities[0].bulkhead.max_queue_size',
      '7 BAD_DURATION activities[0].bulkhead.timeout',
      '10 FIELD_NOT_USED activities[1].bulkhead',
      '12 WRONG_TYPE activities[2].bulkhead',
    ]);
  });
});
