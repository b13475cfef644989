import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReadModels } from '../../../src/ports/read-models.ts';
import { termsOf } from '../../../src/projections/search-terms.ts';
import { FindExecutionsHandler } from '../../../src/queries/executions.handler.ts';
import { CountExecutionsHandler } from '../../../src/queries/executions/count.handler.ts';
import type { ExecutionsFilter } from '../../../src/queries/executions/filter.ts';
import type { ExecutionOrder } from '../../../src/queries/executions/order.ts';
import { CountExecutions, FindExecutions } from '../../../src/queries/executions/queries.ts';
import { newDocuments } from '../../conformance/read-models-samples.ts';
import { openStores } from '../../projections/stores.ts';
import { detours, explained, type Explained } from './explained.ts';

const AT = 1_763_942_400_000;
/** More than one answer looks at. */
const MANY = 1_400;

/** Executions of which one in a hundred is unlike the others, and two of them unlike those. */
const documents = () =>
  Object.fromEntries(
    Array.from({ length: MANY }, (_, n) => {
      const isRare = n % 700 === 350;
      const doc = {
        workflow: isRare ? 'rare' : 'ship',
        definition: isRare ? 'sha256:2' : 'sha256:1',
        status: isRare ? 'failed' : n % 100 === 0 ? 'cancelled' : 'completed',
        trigger: isRare ? 'order:placed' : 'manual',
        triggeredBy: isRare ? 'trigger' : 'user',
        tenant: isRare ? 'other' : 'default',
        errorType: isRare ? 'Oops' : null,
        parent: isRare ? 'p-1' : null,
        startedAt: AT + n,
        endedAt: AT + n + ((n * 7) % 1_000),
        duration: (n * 7) % 1_000,
        updatedAt: AT + n + ((n * 7) % 1_000),
        stream: `execution-e${n}`,
        inputRevision: 0,
        errorRevision: isRare ? 3 : null,
        terms: termsOf({ customer: isRare ? 'c-2' : 'c-1', amount: n }, ['all', ...(isRare ? ['vip'] : [])]),
      };
      return [`e${String(n).padStart(5, '0')}`, doc];
    }),
  );

const seed = async (readModels: ReadModels): Promise<void> => {
  await readModels.write('executions_1', newDocuments(documents()));
  const counters = {
    queued: 0,
    running: 0,
    compensating: 0,
    paused: 0,
    completed: 1,
    failed: 1,
    cancelled: 1,
  };
  await readModels.write(
    'active_1',
    newDocuments(
      Object.fromEntries(
        ['rare', 'ship'].map((name) => [name, { workflow: name, ...counters, compensated: 0 }]),
      ),
    ),
  );
};

/** Each of the filters alone, and what of it there is much and little of. */
const ALONE: readonly ExecutionsFilter[] = [
  {},
  { workflow: 'ship' },
  { workflow: 'rare' },
  { definition: 'sha256:1' },
  { definition: 'sha256:2' },
  { status: ['completed'] },
  { status: ['failed'] },
  { status: ['failed', 'cancelled', 'running'] },
  {
    status: [
      'queued',
      'running',
      'compensating',
      'paused',
      'completed',
      'failed',
      'cancelled',
      'compensated',
    ],
  },
  { trigger: 'manual' },
  { trigger: 'order:placed' },
  { triggeredBy: 'user' },
  { triggeredBy: 'trigger' },
  { tenant: 'default' },
  { tenant: 'other' },
  { errorType: 'Oops' },
  { parent: 'p-1' },
  { tags: ['all'] },
  { tags: ['vip'] },
  { tags: ['all', 'vip'] },
  { search: [{ name: 'customer', values: ['c-1'] }] },
  { search: [{ name: 'customer', values: ['c-2'] }] },
  { search: [{ name: 'customer', values: ['c-1', 'c-2', 'c-3'] }] },
  { search: [{ name: 'customer', prefix: 'c' }] },
  { search: [{ name: 'amount', from: 10 }] },
  { search: [{ name: 'amount', from: 600, before: 620 }] },
  { errorText: 'nothing' },
  { triggeredByUser: 'nobody' },
  { startedFrom: AT + 100 },
  { startedFrom: AT + 100, startedBefore: AT + 150 },
  { endedBefore: AT + 1_000 },
  { endedFrom: AT + 100, endedBefore: AT + 150 },
  { durationFrom: 10 },
  { durationFrom: 10, durationBefore: 12 },
];

/** Some together: the more of them there are, the fewer of the indexes have all. */
const TOGETHER: readonly ExecutionsFilter[] = [
  { workflow: 'ship', status: ['completed'] },
  { workflow: 'ship', status: ['completed', 'failed'], startedFrom: AT, startedBefore: AT + 900 },
  { workflow: 'ship', trigger: 'order:placed' },
  { workflow: 'ship', tags: ['vip'], search: [{ name: 'customer', values: ['c-2'] }], startedFrom: AT },
  { workflow: 'ship', trigger: 'manual', tenant: 'default', triggeredBy: 'user' },
  { status: ['completed'], durationFrom: 500, startedFrom: AT + 700 },
  { tenant: 'default', errorType: 'Oops', status: ['failed'] },
  // Nothing meets both, though much meets either.
  { status: ['completed'], trigger: 'order:placed' },
  { workflow: 'ship', definition: 'sha256:2', startedFrom: AT + 100, startedBefore: AT + 1_300 },
  { tenant: 'other', triggeredBy: 'user', startedFrom: AT },
  { tags: ['all'], errorType: 'Oops', workflow: 'ship' },
];

const ORDERS = (['startedAt', 'endedAt', 'duration', 'updatedAt', 'workflow', 'status'] as const).flatMap(
  (by) => (['asc', 'desc'] as const).map((direction): ExecutionOrder => ({ by, direction })),
);

describe('a list of executions is walked to in an index, whatever is asked for', () => {
  let store: Explained;
  let find: (filter: ExecutionsFilter, order: ExecutionOrder, after?: string) => Promise<readonly string[]>;
  let count: (filter: ExecutionsFilter) => Promise<unknown>;

  beforeAll(async () => {
    store = await explained();
    await seed(store.readModels);
    const { log, close } = await openStores();
    const handler = new FindExecutionsHandler(store.views, log);
    const counter = new CountExecutionsHandler(store.views);
    count = (filter) => counter.execute(new CountExecutions(filter, undefined));
    find = async (filter, order, after) => {
      const page = await handler.execute(new FindExecutions(filter, order, { first: 5, after }, undefined));
      const end = page.endCursor ?? page.items.at(-1)?.cursor;
      const keys = page.items.map(({ node }) => node.key);
      return page.hasNextPage && after === undefined && end !== undefined
        ? [...keys, ...(await find(filter, order, end))]
        : keys;
    };
    return async () => {
      await store.close();
      await close();
    };
  });

  beforeEach(() => store.forget());

  /** Without any condition an order is walked from its end, which SQLite calls a scan, in an index all the same. */
  const faults = (): readonly string[] =>
    store.queriesOf('executions').flatMap(({ query: { where = [] }, steps }) => {
      const found = detours(steps);
      return where.length > 0
        ? found
        : found.filter((step) => !/^SCAN t USING (COVERING )?INDEX t:f_[\w$]+$/.test(step));
    });

  describe.each(ORDERS)('by $by, $direction', (order) => {
    it.each([...ALONE, ...TOGETHER])('%j', async (filter) => {
      await find(filter, order);
      expect(faults()).toEqual([]);
      const looked = store.queriesOf('executions').reduce((sum, { query }) => sum + query.limit, 0);
      expect(looked).toBeLessThan(8_000);
    });
  });

  it.each([...ALONE, ...TOGETHER])('the count of %j', async (filter) => {
    await count(filter);
    expect(store.plansOf('executions').length === 0 ? [] : faults()).toEqual([]);
  });
});
