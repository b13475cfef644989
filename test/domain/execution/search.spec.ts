import { describe, expect, test } from 'vitest';
import type { Start } from '../../../src/domain/execution/commands.ts';
import type { Json } from '../../../src/domain/json.ts';
import { completed, define, given, start } from '../../spec/execution.ts';

const order = (search: string, more = '') =>
  define(`
workflow: order
variables: { stage: new }
activities:
  - name: pay
    output: { stage: paid }
search: ${search}
${more}`);

const started = (input: Json, tags?: readonly string[]): Start => ({
  ...(start() as Start),
  input,
  ...(tags && { tags }),
});

const begun = (search: string, input: Json = {}, tags?: readonly string[]) => {
  const { events } = given(order(search)).when(started(input, tags));
  return events[0]?.facts;
};

describe('what a run is found by', () => {
  test('is evaluated when it starts: texts, numbers, true and false', () => {
    const search =
      '{ customer: "${input.customer}", amount: "${input.amount}", urgent: "${input.amount > 9.0}", of: "${workflow.name}/${workflow.stage}", n: 7 }';
    expect(begun(search, { customer: 'c-1', amount: 12.5 })).toMatchObject({
      search: { customer: 'c-1', amount: 12.5, urgent: true, of: 'order/new', n: 7 },
    });
  });

  test('leaves out what is not there, or is no text, number, true or false', () => {
    const search = '{ a: "${input.a}", b: "${input.b}", c: "${input.c}", d: "${input.d}", e: 1 }';
    expect(begun(search, { b: null, c: [1], d: {} })).toMatchObject({ search: { e: 1 } });
    expect(begun('{ a: "${input.a}" }')).not.toHaveProperty('search');
    expect(begun('{}')).not.toHaveProperty('search');
  });

  test('keeps the first 200 characters of a text', () => {
    const text = `${'x'.repeat(199)}😀`;
    expect(begun('{ a: "${input.text}" }', { text })).toMatchObject({
      search: { a: `${'x'.repeat(199)}\ufffd` },
    });
  });

  test('is recorded with its end once it completes with other values, and not with the same', () => {
    const end = (search: string) =>
      given(order(search)).after(start()).when(completed('pay')).events.at(-1)?.facts;
    expect(end('{ stage: "${workflow.stage}", n: 1 }')).toMatchObject({ search: { stage: 'paid', n: 1 } });
    expect(end('{ n: 1 }')).not.toHaveProperty('search');
    expect(end('{ late: "${workflow.late}" }')).not.toHaveProperty('search');
  });
});

describe('tags of a run', () => {
  test('are those of whoever starts it and those of its definition, each once, 20 at most', () => {
    const tagged = order('{ n: 1 }', 'tags: [orders, "${input.region}", "${input.none}", "${input.n}"]');
    const many = Array.from({ length: 18 }, (_, n) => `t${n}`);
    const of = (tags: readonly string[]) =>
      given(tagged).when(started({ region: 'eu', n: 5 }, tags)).events[0]?.facts;
    expect(of(['vip', 'orders'])).toMatchObject({ tags: ['vip', 'orders', 'eu'] });
    expect(of(many)).toMatchObject({ tags: [...many, 'orders', 'eu'] });
    expect(of([...many, 'more', 'most'])).toMatchObject({ tags: [...many, 'more', 'most'] });
    expect(of(['x'.repeat(120)])).toMatchObject({ tags: ['x'.repeat(100), 'orders', 'eu'] });
  });

  test('are not there where there are none', () => {
    expect(begun('{ n: 1 }')).not.toHaveProperty('tags');
    expect(begun('{ n: 1 }', {}, ['vip'])).toMatchObject({ tags: ['vip'], search: { n: 1 } });
  });
});
