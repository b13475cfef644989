import { describe, expect, test } from 'vitest';
import { GetExecution } from '../../src/queries/history-queries.ts';
import { GetProjections } from '../../src/queries/queries.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { started } from '../projections/samples.ts';
import { happened } from '../spec/given.ts';
import { known, openQueries } from './queries.ts';

const many = (count: number) =>
  Array.from({ length: count }, (_, n) => happened(`execution-e${n}`, n % 7, started(`w${n % 3}`)));

describe('the views', () => {
  test.for([0, 1, 999, 1_000, 1_001, 2_400])(
    'are read whole, page after page: %i documents',
    async (count) => {
      const { views, happen } = await openQueries();
      await happen(known(), ...many(count));
      const all = await views.all<{ id: string; startedAt: number }>('executions', {
        orderBy: [{ field: 'startedAt', direction: 'asc' }],
      });
      expect(all).toHaveLength(count);
      expect(new Set(all.map(({ key }) => key)).size).toBe(count);
      const times = all.map(({ doc }) => doc.startedAt);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    },
  );

  test('that are read whole are read by their conditions', async () => {
    const { views, happen } = await openQueries();
    await happen(...many(2_400));
    const all = await views.all<{ workflow: string }>('executions', {
      where: [{ field: 'workflow', op: 'eq', value: 'w1' }],
    });
    expect(all).toHaveLength(800);
    expect(all.every(({ doc }) => doc.workflow === 'w1')).toBe(true);
  });

  test('are found by key, or not', async () => {
    const { views, happen } = await openQueries();
    await happen(...many(2));
    expect(await views.get('executions', 'e1')).toMatchObject({ key: 'e1', doc: { id: 'e1' } });
    expect(await views.get('executions', 'e2')).toBeUndefined();
    expect(await views.get('active', 'e1')).toBeUndefined();
  });

  test('are the new ones as soon as they were folded anew', async () => {
    const { ask, happen, projector, readModels } = await openQueries();
    await happen(...many(3));
    await projector.rebuild('executions');
    await readModels.drop('executions_1');
    await happen(happened('execution-later', 9, started()));
    expect(await ask(new GetExecution('e1', undefined))).toMatchObject({ key: 'e1' });
    expect(await ask(new GetExecution('later', undefined))).toMatchObject({ key: 'later' });
  });

  test('are not waited for when no position is', async () => {
    const { views, clock } = await openQueries();
    await views.reflect(undefined, 'executions', 'timeline');
    expect(clock.due).toEqual([]);
  });

  test('know which workflows there are', async () => {
    const { views, happen } = await openQueries();
    await happen(known('a'));
    await views.requireWorkflow('a');
    await expect(views.requireWorkflow('"b"')).rejects.toMatchObject({
      code: 'WORKFLOW_NOT_FOUND',
      message: 'Expected the name of a registered workflow, but there is none called "\\"b\\"".',
      details: { field: 'workflow', found: '"b"' },
    });
  });
});

describe('the projections', () => {
  test('are answered with how far each is', async () => {
    const { ask, happen } = await openQueries();
    const end = await happen(...many(10));
    expect(await ask(new GetProjections())).toEqual(
      PROJECTIONS.map(({ name, version }) => ({
        name,
        version,
        generation: 1,
        position: end,
        state: 'running',
        lagSeconds: 0,
        lagEvents: 0,
        parked: 0,
        rate: expect.any(Number),
        rebuild: null,
        lastError: null,
      })),
    );
  });

  test('that were folded anew say so', async () => {
    const { ask, happen, projector } = await openQueries();
    await happen(...many(10));
    await projector.rebuild('active');
    const status = await ask(new GetProjections());
    expect(status.map(({ name, generation }) => [name, generation])).toEqual(
      PROJECTIONS.map(({ name }) => [name, name === 'active' ? 2 : 1]),
    );
  });
});
