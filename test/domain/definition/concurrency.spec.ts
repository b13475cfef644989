import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, warningsOf } from './parsed.ts';

const PRIORITY = 'queuing: { strategy: priority }';

describe('who waits before whom', () => {
  it('is said by a priority and a key, each a value or an expression', () => {
    const { concurrency } = parsed(`
workflow: a
priority: \${input.tier == "gold" ? 10 : 0}
concurrency: { max_activities: 2, key: "\${input.customer}", ${PRIORITY} }
activities: [{ name: one }]
`).definition;
    expect(concurrency).toMatchObject({
      key: { source: '${input.customer}' },
      priority: { source: '${input.tier == "gold" ? 10 : 0}' },
    });
    const scope = { event: null, input: { tier: 'gold', customer: 'ann' } };
    expect(concurrency?.priority?.evaluate(scope)).toBe(10);
  });

  it('is of each value of the key, and of all of them together where there is a total', () => {
    const limitsOf = (more: string) => {
      const source = `workflow: a\nconcurrency: { key: x, ${more} }\nactivities: [{ name: one }]\n`;
      const [step] = parsed(source).definition.steps;
      return step?.kind === 'activity' ? step.limits : undefined;
    };
    const gate = 'max_activities';
    expect(limitsOf('max_activities: 2')).toEqual([{ gate, limit: 2 }]);
    expect(limitsOf('max_activities: 2, total: { max_activities: 5 }')).toEqual([
      { gate, limit: 2, total: 5 },
    ]);
    expect(limitsOf('total: { max_activities: 5 }')).toEqual([{ gate, limit: 5, total: 5 }]);
  });

  it('is warned of where a priority changes nothing', () => {
    const source =
      'workflow: a\npriority: 3\nconcurrency: { max_activities: 1 }\nactivities: [{ name: one }]\n';
    expect(warningsOf(source)).toEqual(['2:1 PRIORITY_UNUSED priority']);
    expect(parsed(source).definition.concurrency?.priority).toBeUndefined();
  });

  it('is refused with everything that is wrong of it, and where', () => {
    const source = `
workflow: a
priority: urgent
concurrency:
  key: "\${nobody}"
  keys: x
  total: { max_activities: 0, max_calls: 1 }
  queuing: { strategy: priority, order: 1 }
activities: [{ name: one, priority: 2 }]
`;
    expect(problemsOf(source)).toEqual([
      '3:11 WRONG_VALUE priority',
      '5:11 UNKNOWN_NAME concurrency.key',
      '6:3 UNKNOWN_FIELD concurrency.keys',
      '7:28 WRONG_VALUE concurrency.total.max_activities',
      '7:31 UNKNOWN_FIELD concurrency.total.max_calls',
      '8:34 UNKNOWN_FIELD concurrency.queuing.order',
      '9:27 UNKNOWN_FIELD activities[0].priority',
    ]);
    const lost =
      'workflow: a\npriority: 1.5\nconcurrency: { total: {}, queuing: 1 }\nactivities: [{ name: one }]\n';
    expect(problemsOf(lost)).toEqual([
      '2:11 WRONG_TYPE priority',
      '3:16 MISSING_FIELD concurrency.total',
      '3:36 WRONG_TYPE concurrency.queuing',
    ]);
  });
});
