import { describe, expect, test } from 'vitest';
import type { Query } from '@nestjs/cqrs';
import { byStart } from '../../src/queries/executions/order.ts';
import { CountExecutions, FindExecutions } from '../../src/queries/executions/queries.ts';
import { GetExecution, GetTimeline } from '../../src/queries/history-queries.ts';
import { GetMetrics } from '../../src/queries/metrics-queries.ts';
import { GetEvents, GetMonitoring, GetWorkflow, GetWorkflows } from '../../src/queries/queries.ts';
import { started, WORKFLOW } from '../projections/samples.ts';
import { happened } from '../spec/given.ts';
import { first, known, openQueries, WAIT } from './queries.ts';

type Asks = (waitFor: bigint) => Query<unknown>;

const asks: readonly (readonly [string, Asks])[] = [
  ['GetWorkflows', (waitFor) => new GetWorkflows(first(1), waitFor)],
  ['GetWorkflow', (waitFor) => new GetWorkflow(WORKFLOW, waitFor)],
  ['GetExecution', (waitFor) => new GetExecution('e-1', waitFor)],
  ['FindExecutions', (waitFor) => new FindExecutions({}, byStart('asc'), first(1), waitFor)],
  ['CountExecutions', (waitFor) => new CountExecutions({}, waitFor)],
  ['GetTimeline', (waitFor) => new GetTimeline('e-1', first(1), waitFor)],
  ['GetEvents', (waitFor) => new GetEvents('e-1', first(1), waitFor)],
  ['GetMonitoring', (waitFor) => new GetMonitoring(WORKFLOW, 'UTC', waitFor)],
  ['GetMetrics', (waitFor) => new GetMetrics({ workflow: WORKFLOW, waitFor })],
];

const open = async () => {
  const queries = await openQueries();
  const end = await queries.happen(known(), happened('execution-e-1', 1, started()));
  return { ...queries, end };
};

describe('a query that waits for a position', () => {
  test.for(asks)('answers at once when the views are there: %s', async ([, query]) => {
    const { ask, clock, end } = await open();
    expect(await ask(query(end))).toBeDefined();
    expect(clock.due).toEqual([]);
  });

  test.for(asks)('answers when they get there: %s', async ([, query]) => {
    const { ask, clock, end, append } = await open();
    const answer = ask(query(end + 1n));
    await clock.armed(clock.now() + WAIT);
    expect(await append(happened('execution-e-2', 2, started()))).toBe(end + 1n);
    expect(await answer).toBeDefined();
    expect(clock.due).toEqual([]);
  });

  test.for(asks)('is told when they do not get there in time: %s', async ([, query]) => {
    const { ask, clock, end } = await open();
    const answer = ask(query(end + 1n));
    await clock.armed(clock.now() + WAIT);
    clock.advance(WAIT);
    await expect(answer).rejects.toMatchObject({
      name: 'Rejection',
      code: 'WAIT_TIMEOUT',
      message: expect.stringMatching(
        `^Expected the views to reach position ${end + 1n} within 5000 ms, but "[a-z]+" stands at ${end}`,
      ) as string,
      details: { field: 'waitFor', found: String(end + 1n), timeout: 5_000 },
    });
  });

  test('reads its own writes', async () => {
    const { ask, append } = await open();
    for (let n = 2; n < 12; n += 1) {
      const position = await append(happened(`execution-e-${n}`, n, started()));
      const found = await ask(new GetExecution(`e-${n}`, position));
      expect(found?.position).toBe(position);
    }
  });

  test('finds out what is wrong with it before it waits', async () => {
    const { ask, clock, end } = await open();
    const never = end + 1_000n;
    await expect(ask(new FindExecutions({}, byStart('asc'), first(1, 'x'), never))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await expect(ask(new GetTimeline('e-1', first(1, 'x'), never))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await expect(ask(new GetEvents('e-1', first(1, 'x'), never))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await expect(ask(new GetWorkflows(first(1, 'x'), never))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await expect(ask(new GetMonitoring(undefined, 'Mars', never))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await expect(
      ask(new GetMetrics({ workflow: WORKFLOW, from: 2, to: 1, waitFor: never })),
    ).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(clock.due).toEqual([]);
  });

  test('is told when nothing keeps the views up any more', async () => {
    const { ask, projector, end } = await open();
    await projector.stop();
    await expect(ask(new GetExecution('e-1', end + 1n))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
