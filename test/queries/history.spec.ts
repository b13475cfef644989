import { describe, expect, test } from 'vitest';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import { GetTimeline } from '../../src/queries/history-queries.ts';
import { GetEvents } from '../../src/queries/queries.ts';
import {
  completed,
  retryScheduled,
  started,
  stepCompleted,
  stepStarted,
  WORKFLOW,
} from '../projections/samples.ts';
import { happened } from '../spec/given.ts';
import { first, openQueries, pagesOf } from './queries.ts';

const open = async () => {
  const queries = await openQueries();
  const end = await queries.happen(
    happened('execution-e-1', 1_000, started(), stepStarted('pay')),
    happened('execution-e-2', 1_500, started()),
    happened('execution-e-1', 2_000, retryScheduled('pay', 1_000, 1, 2_100)),
    happened('execution-e-1', 2_100, stepStarted('pay', 2)),
    happened('execution-e-1', 3_000, stepCompleted('pay', 900, 2), completed(1_000, 2_000)),
  );
  const timeline = (id: string) => (page: ReturnType<typeof first>) =>
    queries.ask(new GetTimeline(id, page, undefined));
  const events = (id: string) => (page: ReturnType<typeof first>) =>
    queries.ask(new GetEvents(id, page, undefined));
  return { ...queries, end, timeline, events };
};

const noExecution = (id: string) => ({
  name: 'Rejection',
  code: 'EXECUTION_NOT_FOUND',
  message: `Expected the id of an execution, but there is none with ${JSON.stringify(id)}.`,
  details: { field: 'executionId', found: id },
});

describe('the timeline of an execution', () => {
  test('has its entries in order, the execution first, with every field', async () => {
    const { timeline } = await open();
    const { items, hasNextPage } = await timeline('e-1')(first(10));
    expect(hasNextPage).toBe(false);
    expect(items.map(({ node }) => node.doc)).toMatchObject([
      { kind: 'execution', status: 'completed', sequence: 0, startedAt: 1_000, endedAt: 3_000 },
      { kind: 'step', step: 'pay', attempt: 1, status: 'failed', handled: 'retry', sequence: 1 },
      { kind: 'step', step: 'pay', attempt: 2, status: 'completed', sequence: 3 },
    ]);
    expect(items[1]?.node).toEqual({
      key: 'e-1:pay:1',
      position: 4n,
      doc: {
        executionId: 'e-1',
        sequence: 1,
        kind: 'step',
        workflow: WORKFLOW,
        step: 'pay',
        activity: 'pay',
        attempt: 1,
        status: 'failed',
        startedAt: 1_000,
        endedAt: 2_000,
        duration: 1_000,
        dueAt: 2_100,
        deadline: null,
        heartbeatAt: null,
        progressRevision: null,
        worker: null,
        label: null,
        signal: null,
        child: null,
        errorType: 'Oops',
        handled: 'retry',
        to: null,
        fallback: false,
        by: null,
        inputRevision: 1,
        outputRevision: null,
        errorRevision: 2,
        of: null,
        needs: null,
        capacity: null,
        gate: null,
        count: null,
        capturedInputRevision: null,
        capturedOutputRevision: null,
      },
    });
  });

  test.for([1, 2, 3])('comes in pages of %i, and has nothing of another', async (many) => {
    const { timeline } = await open();
    const pages = await pagesOf(many, timeline('e-1'));
    expect(pages.flat().map(({ key }) => key)).toEqual(['e-1:0', 'e-1:pay:1', 'e-1:pay:2']);
    expect((await pagesOf(many, timeline('e-2'))).flat().map(({ key }) => key)).toEqual(['e-2:0']);
  });

  test('goes on behind its last entry with what came since', async () => {
    const { timeline, happen } = await open();
    const { items } = await timeline('e-2')(first(1));
    const after = items[0]?.cursor;
    expect(await timeline('e-2')(first(5, after))).toEqual({ items: [], hasNextPage: false });
    await happen(happened('execution-e-2', 9_000, stepStarted('pay')));
    const next = await timeline('e-2')(first(5, after));
    expect(next.items.map(({ node }) => node.key)).toEqual(['e-2:pay:1']);
  });

  test('is refused when there is no such execution', async () => {
    const { timeline } = await open();
    await expect(timeline('e-3')(first(5))).rejects.toMatchObject(noExecution('e-3'));
  });

  test('is refused behind a cursor of another execution, or of its events', async () => {
    const { timeline, events } = await open();
    const [other] = (await timeline('e-2')(first(1))).items;
    const [event] = (await events('e-1')(first(1))).items;
    for (const cursor of [other?.cursor, event?.cursor])
      await expect(timeline('e-1')(first(5, cursor))).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        details: { field: 'after', found: cursor },
      });
  });
});

describe('the events of an execution', () => {
  test('are those of the log, whole', async () => {
    const { events, log } = await open();
    const { items, hasNextPage } = await events('e-1')(first(10));
    const found = items.map(({ node }) => node);
    expect(found).toEqual(await log.read('execution-e-1'));
    expect(hasNextPage).toBe(false);
    expect(verifyChain('execution-e-1', found)).toMatchObject({ ok: true });
    expect(found.map(({ revision, type, payload }) => [revision, type, payload])).toEqual([
      [0, 'execution.started', '{"input":{"secret":"in"},"event":null,"variables":{}}'],
      [1, 'step.started', '{"input":{"secret":"in"}}'],
      [2, 'step.retry_scheduled', '{"error":{"type":"Oops","message":"It went wrong."}}'],
      [3, 'step.started', '{"input":{"secret":"in"}}'],
      [4, 'step.completed', '{"output":{"secret":"out"}}'],
      [5, 'execution.completed', undefined],
    ]);
    expect(found[4]?.commit).toBe(found[5]?.commit);
  });

  test.for([1, 2, 5, 6])('come in pages of %i, also in the middle of a commit', async (many) => {
    const { events } = await open();
    const pages = await pagesOf(many, events('e-1'));
    expect(pages.flat().map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(pages).toHaveLength(Math.ceil(6 / many));
  });

  test('behind the last are an empty page, until there are more', async () => {
    const { events, append } = await open();
    const { items } = await events('e-2')(first(1));
    const next = events('e-2');
    expect(await next(first(2, items[0]?.cursor))).toEqual({ items: [], hasNextPage: false });
    await append(happened('execution-e-2', 9_000, stepStarted('pay')));
    expect((await next(first(2, items[0]?.cursor))).items).toMatchObject([{ node: { revision: 1 } }]);
  });

  test('are refused when there is no such execution', async () => {
    const { events } = await open();
    await expect(events('e-3')(first(5))).rejects.toMatchObject(noExecution('e-3'));
  });

  test('are refused behind a cursor of another execution', async () => {
    const { events } = await open();
    const [other] = (await events('e-2')(first(1))).items;
    await expect(events('e-1')(first(5, other?.cursor))).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('are there as soon as they are in the log, also while no view is', async () => {
    const { ask, append, projector } = await open();
    await projector.stop();
    const position = await append(happened('execution-e-2', 9_000, stepStarted('pay')));
    const { items } = await ask(new GetEvents('e-2', first(5), position));
    expect(items.map(({ node }) => node.position)).toEqual([3n, position]);
  });
});
