import { describe, expect, test } from 'vitest';
import type { DocumentQuery, StoredDocument } from '../../src/ports/read-models.ts';
import { inOneLook } from '../../src/queries/in-one-look.ts';
import type { ViewName, Views } from '../../src/queries/views.ts';
import { started } from '../projections/samples.ts';
import { happened } from '../spec/given.ts';
import { known, openQueries } from './queries.ts';

const of = (workflow: string, rest: Partial<DocumentQuery> = {}): DocumentQuery => ({
  where: [{ field: 'workflow', op: 'eq', value: workflow }],
  limit: 10,
  ...rest,
});

/** Views of five executions of three workflows, and what was looked for at once in each of them. */
const watched = async () => {
  const { views, happen } = await openQueries();
  await happen(
    known('w0'),
    ...['w0', 'w1', 'w2', 'w0', 'w1'].map((name, n) => happened(`execution-e${n}`, n, started(name))),
  );
  const looks: [ViewName, number][] = [];
  const real: Views = {
    ...views,
    findEach: (view, queries) => {
      looks.push([view, queries.length]);
      return views.findEach(view, queries);
    },
  };
  return { real, views: inOneLook(real), looks };
};

const keys = (found: readonly StoredDocument<unknown>[]) => found.map(({ key }) => key);

describe('what is looked for at the same time', () => {
  test('is one look, and each has what it asked for', async () => {
    const { views, looks } = await watched();
    const found = await Promise.all(
      [of('w1'), of('w0', { limit: 1 }), of('none'), of('w1')].map((query) =>
        views.find('executions', query),
      ),
    );
    expect(found.map(keys)).toEqual([['e1', 'e4'], ['e0'], [], ['e1', 'e4']]);
    expect(looks).toEqual([['executions', 3]]);
  });

  test('is one look also behind different numbers of steps, and one again for what goes on from there', async () => {
    const { views, looks } = await watched();
    const walk = async (workflow: string, steps: number) => {
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      const [one] = await views.find('executions', of(workflow, { limit: 1 }));
      const after = { values: [], key: one?.key ?? '' };
      return [one?.key, ...keys(await views.find('executions', of(workflow, { after })))];
    };
    expect(await Promise.all([walk('w0', 0), walk('w1', 7), walk('w2', 30)])).toEqual([
      ['e0', 'e3'],
      ['e1', 'e4'],
      ['e2'],
    ]);
    expect(looks).toEqual([
      ['executions', 3],
      ['executions', 3],
    ]);
  });

  test('is one look too where it is met on the way', async () => {
    const { real } = await watched();
    const sizes: number[] = [];
    const views = inOneLook({
      ...real,
      lookEach: (view, looks) => {
        sizes.push(looks.length);
        return real.lookEach(view, looks);
      },
    });
    const met = (workflow: string) =>
      views.look('executions', {
        where: [],
        orderBy: [{ field: 'startedAt', direction: 'asc' }],
        meeting: of(workflow).where ?? [],
        most: 4,
        limit: 2,
      });
    const looked = await Promise.all(['w1', 'w0', 'none', 'w1'].map(met));
    expect(looked.map(({ found, last }) => [...keys(found), '|', last?.key])).toEqual([
      ['e1', '|', 'e3'],
      ['e0', 'e3', '|', 'e3'],
      ['|', 'e3'],
      ['e1', '|', 'e3'],
    ]);
    expect(sizes).toEqual([3]);
  });

  test('is one look in each of several views, and of those that are read whole', async () => {
    const { views, looks } = await watched();
    const found = await Promise.all([
      views.find('executions', of('w2')),
      views.all('executions', { where: of('w0').where ?? [] }),
      views.find('workflows', { limit: 5 }),
    ]);
    expect(found.map(keys)).toEqual([['e2'], ['e0', 'e3'], ['w0']]);
    expect(looks).toEqual([
      ['executions', 2],
      ['workflows', 1],
    ]);
  });

  test('fails for everybody with the look, and what is looked for later is found', async () => {
    const { real } = await watched();
    let isAway = true;
    const views = inOneLook({
      ...real,
      findEach: (view, queries) =>
        isAway ? Promise.reject(new Error('away')) : real.findEach(view, queries),
    });
    const asked = await Promise.allSettled([
      views.find('executions', of('w0')),
      views.find('executions', of('w1')),
    ]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isAway = false;
    expect(keys(await views.find('executions', of('w2')))).toEqual(['e2']);
  });

  test('waits for a position once', async () => {
    const { real } = await watched();
    const waits: unknown[] = [];
    const views = inOneLook({
      ...real,
      reflect: async (...asked) => void waits.push(asked),
    });
    await Promise.all([
      views.reflect(5n, 'executions'),
      views.reflect(5n, 'executions'),
      views.reflect(6n, 'executions'),
      views.reflect(5n, 'executions', 'active'),
    ]);
    expect(waits).toEqual([
      [5n, 'executions'],
      [6n, 'executions'],
      [5n, 'executions', 'active'],
    ]);
  });
});
