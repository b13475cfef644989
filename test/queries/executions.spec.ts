import { describe, expect, test } from 'vitest';
import { FindExecutions, GetExecution, type ExecutionsFilter } from '../../src/queries/queries.ts';
import {
  cancelled,
  DEFINITION,
  failed,
  started,
  stepCompleted,
  stepStarted,
} from '../projections/samples.ts';
import { happened, type Happened } from '../spec/given.ts';
import { at, completedOf, first, openQueries, pagesOf, type Queries } from './queries.ts';

const HOUR = 3_600_000;
const T = at('2026-01-31T00:00:00Z');

const begun = (id: string, time: number, workflow = 'ship_order', trigger = 'manual'): Happened => {
  const event = started(workflow);
  return happened(`execution-${id}`, time, { ...event, facts: { ...event.facts, trigger } });
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
        tracing: null,
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
  const { items } = await ask(new FindExecutions(filter, direction, first(100), undefined));
  return items.map(({ node }) => node.key);
};

describe('executions are found', () => {
  const open = async () => {
    const queries = await openQueries();
    await queries.happen(
      begun('a', T),
      begun('b', T + HOUR, 'ship_order', 'order:placed'),
      begun('c', T + 2 * HOUR, 'refund', 'order:placed'),
      begun('d', T + 3 * HOUR, 'refund'),
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
        queries.ask(new FindExecutions(filter, direction, page, undefined));
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
