import { expect, it } from 'vitest';
import { startDigest } from '../../../src/domain/digest.ts';
import { PROJECTIONS } from '../../../src/projections/catalogue.ts';
import { categoryOfView, createDays } from '../../../src/projections/rebuild/days.ts';

const digestOf = (entries: Readonly<Record<string, object>>) => {
  const digest = startDigest();
  for (const [key, doc] of Object.entries(entries)) digest.add(key, JSON.stringify(doc));
  return digest.value();
};

it('knows of every view what its documents tell of', () => {
  const execution = [
    'executions',
    'timeline',
    'active',
    'outcomes',
    'durations',
    'incidents',
    'approvals',
    'notices',
    'logs',
  ];
  expect(Object.fromEntries(PROJECTIONS.map(({ name }) => [name, categoryOfView(name)]))).toEqual({
    ...Object.fromEntries(execution.map((name) => [name, 'execution'])),
    workflows: 'workflow',
    versions: 'workflow',
    notifications: 'notification',
    schedules: 'schedule',
    gatherings: 'gathering',
    audit: 'audit',
  });
});

it('counts and digests both sides by day, and counts what differs where the log has it', () => {
  const days = createDays('executions');
  const [first, second] = [Date.UTC(2026, 0, 31, 23, 59), Date.UTC(2026, 1, 1)];
  const a = { startedAt: first };
  const b = { startedAt: second, n: 1 };
  const wrong = { startedAt: second, n: 2 };
  const text = JSON.stringify;
  days.take('a', text(a), text(a));
  days.take('b', text(wrong), text(b));
  days.take('c', undefined, text({ bucket: first }));
  days.take('d', text({ at: second }), undefined);
  days.take('e', text({ startedAt: 'never' }), text({}));
  expect(days.value()).toEqual([
    {
      category: 'execution',
      day: null,
      live: digestOf({ e: { startedAt: 'never' } }),
      rebuilt: digestOf({ e: {} }),
      differing: 1,
    },
    {
      category: 'execution',
      day: '2026-01-31',
      live: digestOf({ a }),
      rebuilt: digestOf({ a, c: { bucket: first } }),
      differing: 1,
    },
    {
      category: 'execution',
      day: '2026-02-01',
      live: digestOf({ b: wrong, d: { at: second } }),
      rebuilt: digestOf({ b }),
      differing: 2,
    },
  ]);
});
