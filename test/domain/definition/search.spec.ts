import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, warningsOf } from './parsed.ts';

const withSearch = (search: string, more = ''): string =>
  `workflow: a\nactivities: [{ name: pay }]\nsearch: ${search}\n${more}`;

const MANY = Array.from({ length: 21 }, (_, n) => `a${n}: 1`).join(', ');

describe('what executions are found by', () => {
  it('are attributes and tags, which see what a run begins with', () => {
    const source = withSearch('{ customer: "${input.id}", n: 1 }', 'tags: [a, "${event.b}"]\n');
    const { search } = parsed(source).definition;
    const scope = { input: { id: 'c-1' }, event: { b: 'x' } };
    const given = Object.entries(search?.attributes ?? {}).map(([name, one]) => [name, one.evaluate(scope)]);
    expect(Object.fromEntries(given)).toEqual({ customer: 'c-1', n: 1 });
    expect(search?.tags.map((tag) => tag.evaluate(scope))).toEqual(['a', 'x']);
    expect(warningsOf(source)).toEqual([]);
  });

  it('may stand under the execution, and are said nowhere unless they are given', () => {
    const inside = `execution:\n${withSearch('{ n: 1 }').replaceAll(/^/gm, '  ')}`;
    expect(parsed(inside).definition.hash).toBe(parsed(withSearch('{ n: 1 }')).definition.hash);
    expect(parsed('workflow: a\nactivities: [{ name: pay }]\n').definition).not.toHaveProperty('search');
  });

  it.each([
    ['a list', '[customer]', '', ['3:9 WRONG_TYPE search']],
    ['a text', 'customer', '', ['3:9 WRONG_TYPE search']],
    ['more than 20 attributes', `{ ${MANY} }`, '', ['3:9 WRONG_VALUE search']],
    [
      'names and values that are none, all of them',
      '{ Customer: 1, b: [1], c: null, d: { e: 1 } }',
      '',
      [
        '3:11 BAD_NAME search.Customer',
        '3:27 WRONG_TYPE search.b',
        '3:35 WRONG_TYPE search.c',
        '3:44 WRONG_TYPE search.d',
      ],
    ],
    [
      'expressions that are none, and names that are not known, all of them',
      '{ a: "${1 +}", b: "${steps.pay.output}", c: "${inptu.id}" }',
      '',
      ['3:19 BAD_EXPRESSION search.a', '3:30 UNKNOWN_NAME search.b', '3:56 UNKNOWN_NAME search.c'],
    ],
    ['tags that are no list', '{ n: 1 }', 'tags: a\n', ['4:7 WRONG_TYPE tags']],
    [
      'tags that are no texts',
      '{ n: 1 }',
      'tags: [1, "", "${nobody}", [a]]\n',
      [
        '4:8 WRONG_TYPE tags[0]',
        '4:11 WRONG_VALUE tags[1]',
        '4:18 UNKNOWN_NAME tags[2]',
        '4:28 WRONG_TYPE tags[3]',
      ],
    ],
    ['more than 20 tags', '{ n: 1 }', `tags: [${MANY.replaceAll(': 1', '')}]\n`, ['4:7 WRONG_VALUE tags']],
    ['another word for it', '{ n: 1 }', 'tag: [a]\n', ['4:1 UNKNOWN_FIELD tag']],
  ])('are refused for %s', (_, search, more, problems) => {
    expect(problemsOf(withSearch(search, more))).toEqual(problems);
  });
});
