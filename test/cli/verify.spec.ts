import { expect, it } from 'vitest';
import { daysTable } from '../../src/cli/verify.ts';

it('puts what the log has and what the views have side by side, by category and day', () => {
  const one = { documents: '3', checksum: 'aaaa' };
  const other = { documents: '2', checksum: 'bbbb' };
  const day = { category: 'execution', day: '2026-01-31', live: one, rebuilt: one, differing: '0' };
  const table = daysTable(
    [
      { category: 'workflow', day: '2026-01-30', events: '1', checksum: 'cccc' },
      { category: 'execution', day: '2026-01-31', events: '12', checksum: 'dddd' },
    ],
    [
      { projection: 'executions', days: [{ ...day, live: other, differing: '1' }] },
      { projection: 'logs', days: [day, { ...day, day: '2026-02-01', rebuilt: other, differing: '4' }] },
      { projection: 'active', days: [{ ...day, day: null }] },
    ],
  );
  expect(table.split('\n')).toEqual([
    'execution, of no day',
    '  view    of the log  found  checksum of the log  found  differences',
    '  active           3      3  aaaa                 aaaa   none',
    'execution 2026-01-31: 12 events, dddd',
    '  view        of the log  found  checksum of the log  found  differences',
    '  executions           3      2  aaaa                 bbbb   1',
    '  logs                 3      3  aaaa                 aaaa   none',
    'execution 2026-02-01: no events',
    '  view  of the log  found  checksum of the log  found  differences',
    '  logs           2      3  bbbb                 aaaa   4',
    'workflow 2026-01-30: 1 events, cccc',
  ]);
});
