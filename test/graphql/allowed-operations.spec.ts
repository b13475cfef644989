import { describe, expect, it } from 'vitest';
import { parseOperations } from '../../src/graphql/driver/allowed-operations.ts';

describe('a file of documents', () => {
  it.each([
    ['an object by their ids', { a: '{ a }', b: 'query B { b }' }],
    [
      'a manifest',
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [
          { id: 'a', name: 'A', type: 'query', body: '{ a }' },
          { id: 'b', name: 'B', type: 'query', body: 'query B { b }' },
        ],
      },
    ],
  ])('may be %s', (_, content) => {
    expect(parseOperations(JSON.stringify(content))).toEqual({
      ok: true,
      documents: new Map([
        ['a', '{ a }'],
        ['b', 'query B { b }'],
      ]),
    });
  });

  it('is told all its problems, and where they stand', () => {
    const text = '{\n  "a": "{ a }",\n  "b": "{ b",\n   "c": 7\n}';
    expect(parseOperations(text)).toEqual({
      ok: false,
      problems: [
        {
          line: 3,
          column: 3,
          message: 'Expected a document for "b", but Syntax Error: Expected Name, found <EOF>.',
        },
        { line: 4, column: 4, message: 'Expected a document for "c", but it is number' },
      ],
    });
  });

  it.each([
    ['{\n  a: 1 }', 2, 3, /^Expected JSON, but /],
    ['[]', 1, 1, /^Expected documents by their ids, but found no object/],
    ['"a"', 1, 1, /^Expected documents by their ids/],
  ])('is refused when it is %j', (text, line, column, message) => {
    const parsed = parseOperations(text);
    expect(parsed).toMatchObject({
      ok: false,
      problems: [{ line, column, message: expect.stringMatching(message) as string }],
    });
  });
});
