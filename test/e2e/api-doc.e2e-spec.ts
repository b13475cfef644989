import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filledIn, mismatches, readPage, type Shown } from './api-doc.ts';
import { serveApi, type ServedApi } from './served-api.ts';

const shown = readPage('api.md');

const midnight = (): string => `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`;

describe('the page of the API', () => {
  let api: ServedApi;
  const known = new Map<string, unknown>([['today', midnight()]]);

  beforeAll(async () => {
    api = await serveApi();
  });

  afterAll(() => api.close());

  /** What a subscription says, up to as many values as are shown; none more when it is over by then. */
  const followed = async ({ operation, answer }: Shown, variables: object): Promise<readonly unknown[]> => {
    const values: unknown[] = [];
    for await (const value of api.follow(operation, variables)) {
      values.push(value);
      if (values.length === (answer as readonly unknown[]).length) break;
    }
    return values;
  };

  it('has ten tasks and more', () => {
    expect(new Set(shown.map(({ section }) => section)).size).toBeGreaterThanOrEqual(10);
  });

  it.each(shown.map((one, number) => [one.section, number, one] as const))('%s (%i)', async (_, __, one) => {
    known.set('the definition', one.definition);
    const variables = filledIn(one.variables, known) as object;
    const found = one.isFollowed ? await followed(one, variables) : await api.query(one.operation, variables);
    expect(mismatches(one.answer, found, known)).toEqual([]);
  });
});

describe('an answer that is not as shown', () => {
  it.each([
    [{ a: 1 }, { a: 2 }, ['answer.a: expected 1, but found 2']],
    [{ a: 1 }, {}, ['answer.a: expected 1, but found undefined']],
    [[1], [1, 2], ['answer: expected [1], but found [1,2]']],
    ['<ms>', '5', ['answer: expected "<ms>", but found "5"']],
    ['<time>', '2026-11-26', ['answer: expected "<time>", but found "2026-11-26"']],
    [['<a>', '<a>'], ['x', 'y'], ['answer.1: expected "<a>", but found "y"']],
    [['<a>', '<b>'], ['x', null], ['answer.1: expected "<b>", but found null']],
    [{ a: ['<a>', '<ms>'] }, { a: ['x', 5], b: 1 }, []],
  ])('is found: %j beside %j', (shown, found, wrong) => {
    expect(mismatches(shown, found, new Map())).toEqual(wrong);
  });
});
