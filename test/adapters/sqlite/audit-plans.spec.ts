import { expect, it, onTestFinished } from 'vitest';
import { FindAuditEntriesHandler } from '../../../src/queries/audit.handler.ts';
import { FindAuditEntries, type AuditFilter } from '../../../src/queries/audit.ts';
import { cursorOf } from '../../../src/queries/page.ts';
import { detours, explained } from './explained.ts';

const FILTERS: readonly AuditFilter[] = [
  {},
  { actor: 'ann' },
  { operation: 'cancelExecution' },
  { target: 'e1' },
  { kind: 'read' },
  { outcome: 'refused' },
  { outcome: 'refused', actor: 'ann' },
  { outcome: 'allowed' },
  { actor: 'ann', kind: 'read', operation: 'events', target: 'e1' },
];

it('the audit log is walked to in an index, whatever is asked of it', async () => {
  const store = await explained();
  onTestFinished(() => store.close());
  const handler = new FindAuditEntriesHandler(store.views);
  for (const filter of FILTERS)
    for (const times of [{}, { from: 1 }, { to: 9 }, { from: 1, to: 9 }])
      for (const after of [undefined, cursorOf('audit', { values: [3], key: 'x' })]) {
        const query = new FindAuditEntries({ ...filter, ...times }, { first: 20, after }, undefined);
        await handler.execute(query.within({ tenant: 'default', within: undefined }));
      }
  expect(store.queriesOf('audit')).toHaveLength(FILTERS.length * 8);
  expect(detours(store.plansOf('audit'))).toEqual([]);
});

it('what was refused is walked to by itself, however much was not', async () => {
  const store = await explained();
  onTestFinished(() => store.close());
  const handler = new FindAuditEntriesHandler(store.views);
  const query = new FindAuditEntries({ outcome: 'refused' }, { first: 20, after: undefined }, undefined);
  await handler.execute(query.within({ tenant: 'default', within: undefined }));
  expect(store.plansOf('audit')).toEqual([expect.stringContaining('(f_outcome=? AND f_tenant=?)')]);
});
