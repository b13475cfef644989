import { describe, expect, it } from 'vitest';
import { attributeFilter } from '../../src/graphql/inputs/attribute-filter.input.ts';

const VALUE = 'a text of at most 200 characters, a number, true or false';
const ONE = 'one of `eq`, `in`, `prefix`, and a range by `from`, `before` or both';

describe('a filter of an attribute', () => {
  it.each<[object, object]>([
    [{ eq: 'c-1' }, { values: ['c-1'] }],
    [{ eq: false }, { values: [false] }],
    [{ in: [1, 2] }, { values: [1, 2] }],
    [{ from: 1 }, { from: 1 }],
    [{ before: '2026' }, { before: '2026' }],
    [
      { from: 1, before: 2, eq: null, prefix: null },
      { from: 1, before: 2 },
    ],
    [{ prefix: 'c' }, { prefix: 'c' }],
  ])('is taken: %j', (input, filter) => {
    expect(attributeFilter({ name: 'a', ...input }, 0)).toEqual({
      name: 'a',
      values: undefined,
      from: undefined,
      before: undefined,
      prefix: undefined,
      ...filter,
    });
  });

  it.each<[object, string, string]>([
    [{ name: 'A', eq: 1 }, '.name', 'the name of an attribute'],
    [{}, '', ONE],
    [{ eq: 1, prefix: 'a' }, '', ONE],
    [{ eq: 1, in: [1] }, '', ONE],
    [{ eq: [1] }, '.eq', VALUE],
    [{ eq: 'x'.repeat(201) }, '.eq', VALUE],
    [{ in: [] }, '.in', 'a list of 1 to 10'],
    [{ in: [1, {}] }, '.in[1]', VALUE],
    [{ from: 1, before: 'a' }, '.before', 'a value of the type of `from`'],
    [{ from: true }, '.from', 'a text of at most 200 characters, or a number'],
    [{ from: 1, before: false }, '.before', 'a text of at most 200 characters, or a number'],
    [{ prefix: '' }, '.prefix', 'text of 1 to 200 characters'],
  ])('is refused with its field: %j', (input, field, expected) => {
    const attempt = (): unknown => attributeFilter({ name: 'a', ...input }, 3);
    expect(attempt).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        details: expect.objectContaining({ field: `filter.search[3]${field}`, expected }),
      }),
    );
  });

  it('is refused with all that it says when it says too much', () => {
    expect(() => attributeFilter({ name: 'a', eq: 1, prefix: 'b', in: null }, 0)).toThrow(
      'but found {"name":"a","eq":1,"prefix":"b"}.',
    );
  });
});
