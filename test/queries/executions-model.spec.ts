import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExecutionStatus } from '../../src/domain/execution/events.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { active } from '../../src/projections/active.projection.ts';
import { termsOf } from '../../src/projections/search-terms.ts';
import { executions } from '../../src/projections/executions.projection.ts';
import { FindExecutionsHandler } from '../../src/queries/executions.handler.ts';
import { CountExecutionsHandler } from '../../src/queries/executions/count.handler.ts';
import { conditionsOf, type ExecutionsFilter } from '../../src/queries/executions/filter.ts';
import type { ExecutionOrder } from '../../src/queries/executions/order.ts';
import { CountExecutions, FindExecutions } from '../../src/queries/executions/queries.ts';
import { createViews, type Views } from '../../src/queries/views.ts';
import { temporaryReadModels } from '../adapters/sqlite/temporary-read-models.ts';
import { answerOf, compareScalars, scalarOf } from '../conformance/read-models-order.ts';
import { newDocuments } from '../conformance/read-models-samples.ts';
import { openStores } from '../projections/stores.ts';

const AT = 1_763_942_400_000;
/** More than one answer looks at, and than one sorts. */
const MANY = 2_500;

const STATUSES = [
  'queued',
  'running',
  'compensating',
  'paused',
  'completed',
  'failed',
  'cancelled',
  'compensated',
] as const;

/** The same ones each time: a few values that many have, others that hardly any has, and many that are equal. */
const documents = (): Readonly<Record<string, JsonObject>> => {
  const pick = (n: number, most: number): number => {
    const share = ((n * 2_654_435_761) % 4_294_967_296) / 4_294_967_296;
    return Math.floor(share ** 4 * most);
  };
  return Object.fromEntries(
    Array.from({ length: MANY }, (_, n) => {
      const status =
        ['completed', 'failed', 'cancelled', 'running', 'paused', 'compensated'][pick(n + 1, 6)] ?? '';
      const isOver = status !== 'running' && status !== 'paused';
      const startedAt = AT + Math.floor(n / 3) * 10;
      const duration = isOver ? pick(n + 2, 40) * 10 : null;
      const search = { customer: `c${pick(n + 8, 9)}`, amount: pick(n + 9, 300) - 20 };
      const tags = ['all', ...(n % 3 === 0 ? ['third'] : []), ...(n % 250 === 7 ? ['vip'] : [])];
      const doc = {
        terms: termsOf(search, tags),
        workflow: `w${pick(n + 3, 5)}`,
        definition: `d${pick(n + 4, 4)}`,
        status,
        trigger: `t${pick(n + 5, 6)}`,
        triggeredBy: n % 400 === 0 ? 'trigger' : 'user',
        tenant: n % 900 === 0 ? 'other' : 'default',
        errorType: status === 'failed' ? `E${pick(n + 6, 4)}` : null,
        parent: n % 50 === 0 ? `p${n % 3}` : null,
        startedAt,
        endedAt: duration === null ? null : startedAt + duration,
        duration,
        updatedAt: startedAt + pick(n + 7, 300),
      };
      return [`e${(n * 7_919) % MANY}`, doc];
    }),
  );
};

const ALL = newDocuments(documents()).map(({ key, doc, position }) => ({ key, doc, position }));

const counters = () => {
  const workflows = Map.groupBy(ALL, ({ doc }) => doc['workflow'] as string);
  const count = (found: typeof ALL, status: ExecutionStatus) =>
    found.filter(({ doc }) => doc['status'] === status).length;
  return Object.fromEntries(
    [...workflows].map(([workflow, found]) => [
      workflow,
      { workflow, ...Object.fromEntries(STATUSES.map((status) => [status, count(found, status)])) },
    ]),
  );
};

const perhaps = <T>(weight: number, arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 6 }, { arbitrary, weight });
const often = <T>(arbitrary: fc.Arbitrary<T>) => perhaps(6, arbitrary);
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => perhaps(1, arbitrary);
const time = fc.integer({ min: AT - 10, max: AT + 9_000 });
const span = fc.integer({ min: 0, max: 420 });

const filter: fc.Arbitrary<ExecutionsFilter> = fc.record({
  workflow: often(fc.constantFrom('w0', 'w1', 'w2', 'w3', 'w4', 'nobody')),
  definition: rarely(fc.constantFrom('d0', 'd1', 'd3')),
  status: rarely(fc.uniqueArray(fc.constantFrom(...STATUSES), { minLength: 1 })),
  trigger: rarely(fc.constantFrom('t0', 't1', 't5')),
  triggeredBy: rarely(fc.constantFrom('user', 'trigger')),
  tenant: rarely(fc.constantFrom('default', 'other')),
  tags: rarely(
    fc.uniqueArray(fc.constantFrom('all', 'third', 'vip', 'none'), { minLength: 1, maxLength: 3 }),
  ),
  search: rarely(
    fc.array(
      fc.oneof(
        fc.record({
          name: fc.constant('customer'),
          values: fc.array(fc.constantFrom('c0', 'c1', 'c8', 'nobody'), { minLength: 1, maxLength: 3 }),
        }),
        fc.record({ name: fc.constant('customer'), prefix: fc.constantFrom('c', 'c8', 'x') }),
        fc.record({ name: fc.constant('amount'), from: fc.integer({ min: -25, max: 290 }) }),
        fc.record({
          name: fc.constant('amount'),
          from: fc.integer({ min: -25, max: 290 }),
          before: fc.integer({ min: -25, max: 290 }),
        }),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  ),
  errorType: rarely(fc.constantFrom('E0', 'E1', 'E3')),
  parent: rarely(fc.constantFrom('p0', 'p1')),
  startedFrom: rarely(time),
  startedBefore: rarely(time),
  endedFrom: rarely(time),
  endedBefore: rarely(time),
  durationFrom: rarely(span),
  durationBefore: rarely(span),
});

const order: fc.Arbitrary<ExecutionOrder> = fc.record({
  by: fc.constantFrom('startedAt', 'endedAt', 'duration', 'updatedAt', 'workflow', 'status'),
  direction: fc.constantFrom('asc', 'desc'),
});

/** What must be listed, found the plain way. */
const expected = (wanted: ExecutionsFilter, { by, direction }: ExecutionOrder): readonly string[] => {
  const fields = by === 'workflow' || by === 'status' ? [by, 'startedAt'] : [by];
  const met = answerOf(ALL, { where: conditionsOf(wanted), limit: MANY });
  return met
    .toSorted((a, b) => {
      const values = fields.map((field) => compareScalars(scalarOf(a.doc, field), scalarOf(b.doc, field)));
      const difference = values.find((value) => value !== 0) ?? compareScalars(a.key, b.key);
      return direction === 'asc' ? difference : -difference;
    })
    .map(({ key }) => key);
};

describe('lists of executions', () => {
  let views: Views;
  let handler: FindExecutionsHandler;

  beforeAll(async () => {
    const { readModels, close } = await temporaryReadModels();
    await readModels.prepare('executions_1', executions.indexes);
    await readModels.prepare('active_1', active.indexes);
    await readModels.write('executions_1', newDocuments(documents()));
    await readModels.write('active_1', newDocuments(counters()));
    const stores = await openStores();
    const collections = { of: async (name: string) => `${name}_1`, close: () => undefined };
    views = createViews(readModels, collections, () => Promise.resolve());
    handler = new FindExecutionsHandler(views, stores.log);
    return async () => {
      await close();
      await stores.close();
    };
  });

  it('have each that meets the filter once, in the order, on pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(filter, order, fc.integer({ min: 40, max: 300 }), async (wanted, by, first) => {
        const listed: string[] = [];
        for (let after: string | undefined; ;) {
          const page = await handler.execute(new FindExecutions(wanted, by, { first, after }, undefined));
          expect(page.items.length).toBeLessThanOrEqual(first);
          listed.push(...page.items.map(({ node }) => node.key));
          if (!page.hasNextPage) break;
          const end = page.endCursor ?? page.items.at(-1)?.cursor;
          expect(end).not.toBe(after);
          after = end;
        }
        expect(listed).toEqual(expected(wanted, by));
      }),
      { numRuns: 400 },
    );
  });

  it('are counted exactly, or by no fewer than there are', async () => {
    const counter = new CountExecutionsHandler(views);
    let exact = 0;
    await fc.assert(
      fc.asyncProperty(filter, async (wanted) => {
        const { length } = expected(wanted, { by: 'startedAt', direction: 'asc' });
        const { count, isExact } = await counter.execute(new CountExecutions(wanted, undefined));
        exact += isExact ? 1 : 0;
        expect(isExact ? count === length : count >= length).toBe(true);
      }),
      { numRuns: 200 },
    );
    expect(exact).toBeGreaterThan(50);
    expect(await counter.execute(new CountExecutions({}, undefined))).toEqual({ count: MANY, isExact: true });
  });
});
