import { describe, expect, test } from 'vitest';
import type { ExecutionsFilter } from '../../src/queries/executions/filter.ts';
import { byStart } from '../../src/queries/executions/order.ts';
import { CountExecutions, FindExecutions } from '../../src/queries/executions/queries.ts';
import type { PageRequest } from '../../src/queries/page.ts';
import { GetExecution } from '../../src/queries/history-queries.ts';
import {
  cancelled,
  DEFINITION,
  failed,
  registered,
  started,
  stepCompleted,
  stepStarted,
  WORKFLOW,
} from '../projections/samples.ts';
import { happened, type Happened } from '../spec/given.ts';
import { at, completedOf, first, openQueries, pagesOf, type Queries } from './queries.ts';

const HOUR = 3_600_000;
const T = at('2026-01-31T00:00:00Z');

const begun = (id: string, time: number, workflow = 'ship_order', trigger = 'manual'): Happened => {
  const event = started(workflow);
  return happened(`execution-${id}`, time, { ...event, facts: { ...event.facts, trigger } });
};

const startedBy = (id: string, time: number, workflow: string, triggeredBy: string): Happened => {
  const event = started(workflow);
  return happened(`execution-${id}`, time, { ...event, payload: { ...event.payload, triggeredBy } });
};

describe('an execution', () => {
  test('is answered with every field, and the position that it is folded to', async () => {
    const { ask, happen, append } = await openQueries();
    await append(
      { ...begun('e-1', T, 'ship_order', 'order:placed'), actor: 'trigger' },
      happened('execution-e-1', T, stepStarted('pay')),
      happened('execution-e-1', T + 40, stepCompleted('pay', 40), stepStarted('ship')),
    );
    const end = await happen(happened('execution-e-1', T + 90, failed(T, 90)));
    expect(await ask(new GetExecution('e-1', undefined))).toEqual({
      key: 'e-1',
      position: end,
      doc: {
        id: 'e-1',
        workflow: 'ship_order',
        definition: DEFINITION,
        status: 'failed',
        trigger: 'order:placed',
        triggeredBy: 'trigger',
        tenant: 'default',
        tracing: null,
        search: {},
        tags: [],
        terms: [],
        parent: null,
        parentStep: null,
        depth: 0,
        startedAt: T,
        endedAt: T + 90,
        duration: 90,
        step: null,
        waiting: null,
        dueAt: null,
        deadline: null,
        underWay: [],
        stepsCompleted: 1,
        stepsFailed: 0,
        stepsSkipped: 0,
        stepsCompensated: 0,
        retries: 0,
        errorType: 'Oops',
        errorStep: 'pay',
        uncompensated: [],
        uncompensatedCount: 0,
        undoing: null,
        stream: 'execution-e-1',
        inputRevision: 0,
        errorRevision: 4,
        revision: 4,
        updatedAt: T + 90,
      },
    });
  });

  test('that there is none of is none', async () => {
    const { ask, happen } = await openQueries();
    await happen(begun('e-1', T));
    expect(await ask(new GetExecution('e-2', undefined))).toBeUndefined();
    expect(await ask(new GetExecution('', undefined))).toBeUndefined();
  });
});

const find = async (
  { ask }: Queries,
  filter: ExecutionsFilter,
  direction: 'asc' | 'desc' = 'asc',
): Promise<readonly string[]> => {
  const { items } = await ask(new FindExecutions(filter, byStart(direction), first(100), undefined));
  return items.map(({ node }) => node.key);
};

describe('executions are found', () => {
  const open = async () => {
    const queries = await openQueries();
    await queries.happen(
      begun('a', T),
      begun('b', T + HOUR, 'ship_order', 'order:placed'),
      begun('c', T + 2 * HOUR, 'refund', 'order:placed'),
      startedBy('d', T + 3 * HOUR, 'refund', 'ada@example.com'),
      begun('e', T + 4 * HOUR),
      happened('execution-b', T + 5 * HOUR, failed(T + HOUR, 4 * HOUR)),
      happened('execution-c', T + 5 * HOUR, completedOf('refund', T + 5 * HOUR, 3 * HOUR)),
      happened('execution-e', T + 5 * HOUR, cancelled(T + 4 * HOUR, HOUR)),
    );
    return queries;
  };

  test.for<readonly [string, ExecutionsFilter, string]>([
    ['all', {}, 'abcde'],
    ['a workflow', { workflow: 'refund' }, 'cd'],
    ['a workflow that there is none of', { workflow: 'refun' }, ''],
    ['a status', { status: ['running'] }, 'ad'],
    ['several statuses', { status: ['failed', 'cancelled', 'completed'] }, 'bce'],
    ['no status at all', { status: [] }, ''],
    ['a trigger', { trigger: 'order:placed' }, 'bc'],
    ['starts by hand', { trigger: 'manual' }, 'ade'],
    ['a type of error', { errorType: 'Oops' }, 'b'],
    ['a time, and later', { startedFrom: T + 2 * HOUR }, 'cde'],
    ['before a time', { startedBefore: T + 2 * HOUR }, 'ab'],
    ['a span', { startedFrom: T + HOUR, startedBefore: T + 3 * HOUR }, 'bc'],
    ['an empty span', { startedFrom: T + HOUR, startedBefore: T + HOUR }, ''],
    ['a workflow in a status', { workflow: 'refund', status: ['running'] }, 'd'],
    ['a workflow since a time', { workflow: 'ship_order', startedFrom: T + 1 }, 'be'],
    [
      'everything together',
      {
        workflow: 'ship_order',
        status: ['failed'],
        trigger: 'order:placed',
        errorType: 'Oops',
        startedFrom: T,
        startedBefore: T + 2 * HOUR,
      },
      'b',
    ],
    ['what no one is', { workflow: 'refund', errorType: 'Oops' }, ''],
    ['a definition', { definition: DEFINITION }, 'abcde'],
    ['a definition that there is none of', { definition: 'sha256:0' }, ''],
    ['the kind of actor that started them', { triggeredBy: 'engine' }, 'abcde'],
    ['another kind of actor', { triggeredBy: 'user' }, ''],
    ['a tenant', { tenant: 'default' }, 'abcde'],
    ['a time at which they ended, and later', { endedFrom: T + 5 * HOUR }, 'bce'],
    ['a time before which they ended', { endedBefore: T + 5 * HOUR }, ''],
    ['the time that they took, and longer', { durationFrom: 3 * HOUR }, 'bc'],
    ['less than the time that they took', { durationBefore: 3 * HOUR }, 'e'],
    ['a text in their error', { errorText: 'IT WENT' }, 'b'],
    ['a text that is in no error', { errorText: 'fine' }, ''],
    ['a text in the error of those that completed', { errorText: 'wrong', status: ['completed'] }, ''],
    ['who started them', { triggeredByUser: 'ada@example.com' }, 'd'],
    ['who started none', { triggeredByUser: 'ada' }, ''],
  ])('by %s', async ([, filter, expected]) => {
    const queries = await open();
    expect(await find(queries, filter)).toEqual(expected.split(''));
    expect(await find(queries, filter, 'desc')).toEqual(expected.split('').toReversed());
  });

  test('by their key where they were started at the same time', async () => {
    const queries = await openQueries();
    await queries.happen(...['c', 'a', 'd', 'b'].map((id) => begun(id, T)), begun('z', T - 1));
    expect(await find(queries, {})).toEqual(['z', 'a', 'b', 'c', 'd']);
    expect(await find(queries, {}, 'desc')).toEqual(['d', 'c', 'b', 'a', 'z']);
  });
});

describe('executions of a version', () => {
  test('are found by its number, with the workflow that it is one of', async () => {
    const queries = await openQueries();
    await queries.happen(happened(`workflow-${WORKFLOW}`, T, registered(1)), begun('a', T, WORKFLOW));
    const event = started(WORKFLOW);
    const definition = 'sha256:1';
    await queries.happen(happened('execution-b', T + 1, { ...event, facts: { ...event.facts, definition } }));
    expect(await find(queries, { workflow: WORKFLOW, version: 1 })).toEqual(['b']);
    await expect(find(queries, { workflow: WORKFLOW, version: 2 })).rejects.toMatchObject({
      code: 'VERSION_NOT_FOUND',
      message: `Expected the number of a version of "${WORKFLOW}", of which there is 1, but found 2.`,
      details: { field: 'filter.version', found: 2, expected: 'the number 1' },
    });
    const nope = { workflow: 'nope', version: 1 };
    const missing = {
      code: 'WORKFLOW_NOT_FOUND',
      message: 'Expected the name of a registered workflow, but there is none called "nope".',
      details: { field: 'filter.workflow', found: 'nope', expected: 'the name of a registered workflow' },
    };
    await expect(find(queries, nope)).rejects.toMatchObject(missing);
    await expect(queries.ask(new CountExecutions(nope, undefined))).rejects.toMatchObject(missing);
    for (const filter of [{ version: 1 }, { version: 1, workflow: WORKFLOW, definition }])
      await expect(find(queries, filter)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('orders of executions', () => {
  test.for([
    ['startedAt', 'abcde'],
    ['endedAt', 'adbec'],
    ['duration', 'adecb'],
    ['updatedAt', 'adbec'],
    ['workflow', 'cdabe'],
    ['status', 'ecbad'],
  ] as const)('by %s go both ways, on pages too', async ([by, expected]) => {
    const queries = await openQueries();
    await queries.happen(
      begun('a', T),
      begun('b', T + HOUR),
      begun('c', T + 2 * HOUR, 'refund'),
      begun('d', T + 3 * HOUR, 'refund'),
      begun('e', T + 4 * HOUR),
      happened('execution-b', T + 5 * HOUR, failed(T + HOUR, 4 * HOUR)),
      happened('execution-c', T + 6 * HOUR, completedOf('refund', T + 6 * HOUR, 3 * HOUR)),
      happened('execution-e', T + 5 * HOUR, cancelled(T + 4 * HOUR, HOUR)),
    );
    const list = (direction: 'asc' | 'desc') => (page: PageRequest) =>
      queries.ask(new FindExecutions({}, { by, direction }, page, undefined));
    for (const direction of ['asc', 'desc'] as const) {
      const pages = await pagesOf(2, list(direction));
      const keys = pages.flat().map(({ key }) => key);
      expect(keys).toEqual(direction === 'asc' ? expected.split('') : expected.split('').toReversed());
    }
    const { items } = await list('asc')(first(1));
    await expect(list('desc')(first(1, items[0]?.cursor))).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('pages of executions', () => {
  const open = async (many: number) => {
    const queries = await openQueries();
    // Three each were started at the same time.
    await queries.happen(
      ...Array.from({ length: many }, (_, n) => begun(`e${n}`, T + Math.floor(n / 3) * HOUR)),
    );
    const list =
      (direction: 'asc' | 'desc', filter: ExecutionsFilter = {}) =>
      (page: ReturnType<typeof first>) =>
        queries.ask(new FindExecutions(filter, byStart(direction), page, undefined));
    return { ...queries, list };
  };

  test.for([
    ['asc', 1],
    ['asc', 2],
    ['asc', 3],
    ['desc', 2],
    ['desc', 4],
    ['desc', 9],
    ['desc', 10],
  ] as const)('%s, of %i, have each once, in order', async ([direction, many]) => {
    const { list } = await open(9);
    const pages = await pagesOf(many, list(direction));
    const keys = pages.flat().map(({ key }) => key);
    const all = Array.from({ length: 9 }, (_, n) => `e${n}`);
    expect(keys).toEqual(direction === 'asc' ? all : all.toReversed());
    expect(pages.map((page) => page.length)).toEqual(
      Array.from({ length: Math.ceil(9 / many) }, (_, n) => Math.min(many, 9 - n * many)),
    );
  });

  test('go on where they were, while others are started', async () => {
    const { list, happen } = await open(6);
    const newest = await list('desc')(first(2));
    await happen(begun('later', T + 9 * HOUR), begun('e35', T + HOUR));
    const after = newest.items.at(-1)?.cursor;
    const next = await list('desc')(first(3, after));
    expect(next.items.map(({ node }) => node.key)).toEqual(['e35', 'e3', 'e2']);
    expect(await list('desc')(first(3, after))).toEqual(next);
  });

  test('go on behind an execution that does not meet the filter any more', async () => {
    const { list, happen } = await open(6);
    const running = list('asc', { status: ['running'] });
    const { items } = await running(first(2));
    await happen(happened('execution-e1', T + HOUR, cancelled(T, HOUR)));
    const next = await running(first(2, items.at(-1)?.cursor));
    expect(next.items.map(({ node }) => node.key)).toEqual(['e2', 'e3']);
  });

  test('are refused behind a cursor of the other direction, or of another list', async () => {
    const { list } = await open(3);
    const { items } = await list('asc')(first(1));
    const cursor = items[0]?.cursor ?? '';
    for (const after of [cursor, 'nonsense', ''])
      await expect(list('desc')(first(1, after))).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        details: { field: 'after', found: after },
      });
  });

  test('behind the last are empty', async () => {
    const { list } = await open(3);
    const { items } = await list('asc')(first(3));
    expect(await list('asc')(first(3, items.at(-1)?.cursor))).toEqual({ items: [], hasNextPage: false });
  });
});
