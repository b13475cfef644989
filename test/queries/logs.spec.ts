import { describe, expect, it, test } from 'vitest';
import type { LogsFilter } from '../../src/queries/logs-filter.ts';
import { FindLogs } from '../../src/queries/queries.ts';
import * as s from '../projections/samples.ts';
import { happened } from '../spec/given.ts';
import { at, openQueries, pagesOf } from './queries.ts';

const T = at('2026-01-31T09:00:00Z');

/** Two runs: one fails in its second step, the other one is under way. */
const open = async () => {
  const opened = await openQueries();
  const end = await opened.happen(
    happened('execution-a', T, s.started(), s.stepStarted('reserve')),
    happened('execution-b', T + 1, s.started('other')),
    happened('execution-a', T + 5, s.logged('reserve', 'warn', T + 3), s.stepCompleted('reserve', 5)),
    happened('execution-a', T + 5, s.stepStarted('pay')),
    happened('execution-a', T + 9, s.stepFailed('pay', 4), s.failed(T, 9)),
  );
  const find = (filter: LogsFilter = {}, direction: 'asc' | 'desc' = 'asc') =>
    pagesOf(100, (page) => opened.ask(new FindLogs(filter, direction, page, end)));
  const messages = async (filter?: LogsFilter, direction?: 'asc' | 'desc') =>
    (await find(filter, direction)).flat().map(({ level, message }) => `${level} ${message}`);
  return { ...opened, end, find, messages };
};

const ALL = [
  'info Execution started: workflow=ship_order',
  'event execution.started',
  'info Step started: reserve',
  'event step.started',
  'info Execution started: workflow=other',
  'event execution.started',
  'warn secret words',
  'event step.logged',
  'info Step completed: reserve (5ms)',
  'event step.completed',
  'info Step started: pay',
  'event step.started',
  'error step.failed: It went wrong.',
  'event step.failed',
  'error execution.failed: It went wrong.',
  'event execution.failed',
];

const NOTES = ['info', 'warn', 'error'] as const;
const notes = (...wanted: readonly RegExp[]) =>
  ALL.filter((line) => !line.startsWith('event') && wanted.some((pattern) => pattern.test(line)));

describe('the logs of runs', () => {
  it('have all rows in the order of their time, or the other way round', async () => {
    const { messages } = await open();
    expect(await messages()).toEqual(ALL);
    const back = await messages({}, 'desc');
    expect(back.slice(0, 2)).toEqual(ALL.slice(-2));
    expect(back.toSorted()).toEqual(ALL.toSorted());
  });

  test.for([1, 2, 3, 5, 16])('come in pages of %i, none left out and none twice', async (many) => {
    const { ask, end, find } = await open();
    for (const direction of ['asc', 'desc'] as const)
      for (const filter of [{}, { levels: ['event'] }, { text: 'step' }] as const) {
        const pages = await pagesOf(many, (page) => ask(new FindLogs(filter, direction, page, end)));
        expect(pages.every(({ length }) => length <= many)).toBe(true);
        expect(pages.flat()).toEqual((await find(filter, direction)).flat());
      }
  });

  test.for([
    [{ executionId: 'b' }, /other/],
    [{ workflow: 'other' }, /other/],
    [{ step: 'pay' }, /pay|failed/],
    [{ activity: 'pay' }, /pay|step\.failed/],
    [{ components: ['workflow_engine'] }, /^\w+ (Execution|execution)/],
    [{ text: 'WENT' }, /went/],
    [{ text: 'words' }, /words/],
    [{ from: T + 5 }, /completed|pay|failed/],
    [{ before: T + 1 }, /ship_order|started: reserve/],
    [{ from: T + 3, before: T + 5 }, /words/],
  ] as const)('are found by %o', async ([filter, pattern]) => {
    const { messages } = await open();
    expect(await messages({ ...filter, levels: NOTES })).toEqual(notes(pattern));
  });

  it('are found by level, of which every event has one', async () => {
    const { messages } = await open();
    expect(await messages({ levels: ['error'] })).toEqual(notes(/^error/));
    expect(await messages({ levels: ['event'] })).toEqual(ALL.filter((line) => line.startsWith('event')));
    expect(await messages({ levels: ['error', 'event'], step: 'pay' })).toEqual([
      'event step.started',
      'error step.failed: It went wrong.',
      'event step.failed',
      'error execution.failed: It went wrong.',
      'event execution.failed',
    ]);
  });

  it('have rows with all that the document of the tracker has', async () => {
    const { find } = await open();
    const [row] = (await find({ levels: ['error'], step: 'pay' })).flat();
    expect(row).toEqual({
      id: 'a:5',
      executionId: 'a',
      workflow: s.WORKFLOW,
      step: 'pay',
      activity: 'pay',
      attempt: 1,
      level: 'error',
      component: 'activity_executor',
      type: 'step.failed',
      message: 'step.failed: It went wrong.',
      fields: { step: 'pay', activity: 'pay', attempt: 1, duration: 4, errorType: 'Oops', handled: 'stop' },
      at: T + 9,
      revision: 5,
      position: expect.any(BigInt) as bigint,
    });
  });

  it('find a text behind any number of rows without it', async () => {
    const { ask, happen } = await openQueries();
    const many = Array.from({ length: 1_200 }, (_, n) => s.stepStarted(n === 1_100 ? 'rare' : 'pay', n + 1));
    const end = await happen(happened('execution-a', T, s.started()), happened('execution-a', T, ...many));
    const query = new FindLogs({ text: 'RARE' }, 'asc', { first: 5, after: undefined }, end);
    expect((await ask(query)).items.map(({ node }) => node.message)).toEqual(['Step started: rare']);
  });

  it('refuse a cursor of another order', async () => {
    const { ask, end } = await open();
    const page = await ask(new FindLogs({}, 'asc', { first: 1, after: undefined }, end));
    const after = page.items[0]?.cursor;
    await expect(ask(new FindLogs({}, 'desc', { first: 1, after }, end))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });
});
