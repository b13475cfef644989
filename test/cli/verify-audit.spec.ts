import { expect, it } from 'vitest';
import { auditTable } from '../../src/cli/verify-audit.ts';

it('says of each day how much was looked at, and where it ends or what is wrong', () => {
  const table = auditTable([
    { stream: 'audit-20260131', ok: true, events: '1081', head: 'a1b2', problem: null },
    { stream: 'audit-20260201', ok: false, events: '7', head: null, problem: '@7: Expected another.' },
  ]);
  expect(table.split('\n')).toEqual([
    '  day             events  last commit',
    '  audit-20260131    1081  a1b2',
    '  audit-20260201       7  @7: Expected another.',
  ]);
});
