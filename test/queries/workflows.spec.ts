import { describe, expect, test } from 'vitest';
import { GetWorkflow, GetWorkflows } from '../../src/queries/queries.ts';
import { registered, WORKFLOW } from '../projections/samples.ts';
import { happened } from '../spec/given.ts';
import { first, known, openQueries, pagesOf } from './queries.ts';

describe('a workflow', () => {
  test('is answered as it was registered last, with every field', async () => {
    const { ask, happen } = await openQueries();
    const end = await happen(
      happened(`workflow-${WORKFLOW}`, 5, registered(1)),
      happened(`workflow-${WORKFLOW}`, 70, registered(2, 'order:placed')),
    );
    expect(await ask(new GetWorkflow(WORKFLOW, undefined))).toEqual({
      key: WORKFLOW,
      position: end,
      doc: {
        workflow: WORKFLOW,
        definition: 'sha256:2',
        versions: 2,
        triggerEvent: 'order:placed',
        set: null,
        retired: false,
        registeredAt: 70,
        stream: `workflow-${WORKFLOW}`,
        revision: 1,
      },
    });
  });

  test('that only people start has no event', async () => {
    const { ask, happen } = await openQueries();
    await happen(known('by_hand'));
    expect((await ask(new GetWorkflow('by_hand', undefined)))?.doc.triggerEvent).toBeNull();
  });

  test('that was never registered is none', async () => {
    const { ask, happen } = await openQueries();
    expect(await ask(new GetWorkflow('nobody', undefined))).toBeUndefined();
    await happen(known('somebody'));
    expect(await ask(new GetWorkflow('nobody', undefined))).toBeUndefined();
  });
});

describe('workflows', () => {
  const names = ['zebra', 'ant', 'bee', 'Ant', 'bee2', 'cat'];
  const ordered = ['Ant', 'ant', 'bee', 'bee2', 'cat', 'zebra'];

  test.for([1, 2, 4, 6, 100])('are listed by their names, each once, in pages of %i', async (many) => {
    const { ask, happen } = await openQueries();
    await happen(...names.map((name) => known(name)));
    const pages = await pagesOf(many, (page) => ask(new GetWorkflows(page, undefined)));
    expect(pages.flat().map(({ doc }) => doc.workflow)).toEqual(ordered);
    expect(pages).toHaveLength(Math.ceil(names.length / many));
  });

  test('that are registered meanwhile come where they belong, or not at all', async () => {
    const { ask, happen } = await openQueries();
    await happen(...names.map((name) => known(name)));
    const page = await ask(new GetWorkflows(first(2), undefined));
    await happen(known('aaa'), known('bat'));
    const next = await ask(new GetWorkflows(first(2, page.items.at(-1)?.cursor), undefined));
    expect(next.items.map(({ node }) => node.key)).toEqual(['bat', 'bee']);
  });

  test('of none are an empty page', async () => {
    const { ask } = await openQueries();
    expect(await ask(new GetWorkflows(first(10), undefined))).toEqual({ items: [], hasNextPage: false });
  });

  test('are not listed behind the cursor of another list', async () => {
    const { ask } = await openQueries();
    const after = Buffer.from('["executions:asc","ant",1]').toString('base64url');
    await expect(ask(new GetWorkflows(first(10, after), undefined))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: 'after', found: after },
    });
  });
});
