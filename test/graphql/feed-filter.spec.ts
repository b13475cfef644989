import { expect, it } from 'vitest';
import { wantedBy } from '../../src/graphql/feed/filter.ts';
import { condensedStream } from '../../src/domain/truncation/streams.ts';
import { happened, record } from '../spec/given.ts';

const [condensed, begun] = record([
  happened(condensedStream(1), 1, {
    type: 'truncation.condensed',
    facts: { batch: 1, from: '1', to: '2', events: 2 },
    payload: { deflated: '' },
  }),
  happened('retention-ship_order', 1, {
    type: 'retention.ended',
    facts: { workflow: 'ship_order', removed: 1, batches: 1 },
  }),
]);

it('what happened to executions of all tenants is for nobody who is of one', () => {
  const scope = { tenant: 'default', within: undefined, runsServer: true } as const;
  expect(wantedBy({ scope })(begun!)).toBe(true);
  expect(wantedBy({ scope })(condensed!)).toBe(false);
  expect(wantedBy({})(condensed!)).toBe(true);
});
