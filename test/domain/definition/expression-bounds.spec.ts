import { describe, expect, it } from 'vitest';
import { ExpressionError, type Scope } from '../../../src/domain/definition/definition.ts';
import type { Json } from '../../../src/domain/json.ts';
import { evaluated, outputOf } from './evaluated.ts';
import { refused } from './parsed.ts';

const scope: Scope = {
  input: {
    list: Array.from({ length: 1_000 }, (_, index) => index),
    text: 'x'.repeat(100_000),
    map: Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, index])),
    digits: '9'.repeat(100_000),
  },
};

const messageOf = (value: Json): string => {
  try {
    evaluated(value, scope);
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
  throw new Error('Expected an error.');
};

const nested = (times: number, macro: string, inner: string): string =>
  times === 0 ? inner : `[1, 2, 3, 4, 5, 6, 7, 8].${macro}(x${times}, ${nested(times - 1, macro, inner)})`;

const each = (body: string): string => `input.list.all(a, input.list.all(b, ${body}))`;

describe('the work of an expression', () => {
  it.each([
    ['loops in loops', 'input.list.map(a, input.list.map(b, a * b))'],
    ['loops in loops that are true', each('true')],
    ['loops in loops over what is written out', nested(8, 'all', 'true')],
    ['a long list in each turn', each(`[${'a, '.repeat(400)}b].size() > 0`)],
    ['maps compared in each turn', each('input.map == input.map')],
    ['lists compared in each turn', each('input.list != [input.list]')],
    ['a list looked through', '[input.list].all(l, input.list.all(a, -1 in l || -2 in l || true))'],
    ['texts compared', each('input.text == input.text + "y" || true')],
    ['texts measured', each('size(input.text) > 0')],
    ['texts cut up', 'input.list.map(a, input.text.split(""))'],
    ['texts put together', each('(input.text + string(a)) != ""')],
    ['texts searched', each('input.text.indexOf("y") == -1')],
    ['texts in capitals', each('input.text.upperAscii() != ""')],
    ['texts as bytes', each('size(bytes(input.text)) > 0')],
    ['texts matched', each('!input.text.matches("(x+x+)+y")')],
    ['calendars', each('timestamp("2026-01-31T09:00:00Z").getHours("Europe/Berlin") > 0')],
    ['what || would hide', each('input.text.contains("y") || true')],
  ])('is bounded: %s', (_, text) => {
    expect(messageOf(`\${${text}}`)).toContain('takes more work than one expression may');
  });

  it('is enough for what is usual', () => {
    const ages = Array.from({ length: 10_000 }, (_, age) => ({ age, name: `n${age}` }));
    const text = '${input.ages.filter(a, a.age % 2 == 0 && a.name != "").map(a, {"n": a.name}).size()}';
    expect(evaluated(text, { input: { ages } })).toBe(5_000);
  });

  it('begins anew with each', () => {
    const half = '${size(input.list.map(a, input.list.exists(b, b == 20)))}';
    expect(evaluated(Array(10).fill(half), scope)).toEqual(Array(10).fill(1_000));
  });

  it('is bounded for a number of a hundred thousand digits', () => {
    expect(messageOf('${int(input.digits)}')).toContain('is no integer');
    expect(messageOf('${uint(input.digits)}')).toContain('is no unsigned integer');
  });
});

describe('the value of an expression', () => {
  it.each([
    [
      'a text that doubles',
      'input.text.replace("x", "xxxxxxxxxxx")',
      'the text is longer than 1048576 characters',
    ],
    ['a text put together', `${'input.text + '.repeat(11)}""`, 'the text is longer than 1048576 characters'],
    [
      'a text joined',
      'input.list.map(a, input.text).join(",")',
      'the text is longer than 1048576 characters',
    ],
    ['one text many times', 'input.list.map(a, input.text)', 'its value is longer than 1048576 characters'],
    ['one list many times', 'input.list.map(a, input.list)', 'its value is larger than 300000 values'],
    ['one map many times', 'input.list.map(a, {"m": input.map})', 'its value is larger than 300000 values'],
  ])('is bounded: %s', (_, text, message) => {
    expect(messageOf(`\${${text}}`)).toContain(message);
  });

  it('may be what came in, however large', () => {
    const input = Array.from({ length: 400_000 }, () => 1);
    expect(evaluated('${input}', { input })).toBe(input);
  });

  it('is bounded where a template repeats it', () => {
    expect(messageOf(Array(200).fill('${input.text}'))).toContain('16 MiB of text');
    expect(messageOf(Array(2_000).fill('${input.map}'))).toContain('1000000 values');
    expect(messageOf('${input.text} '.repeat(20))).toContain('at most 1048576 characters');
  });
});

describe('the size of an expression', () => {
  it.each([
    ['long', `"${'x'.repeat(5_000)}"`, '4096 characters'],
    ['deep', `${'('.repeat(2_000)}1${')'.repeat(2_000)}`, '64 levels'],
    ['deep in calls', `${'size('.repeat(70)}1${')'.repeat(70)}`, '64 levels'],
    ['deep in members', `input${'.a'.repeat(70)} == 1`, '64 levels'],
    ['of many parts', `[${'1, '.repeat(1_100)}1]`, '1000 parts'],
    ['of many macros', nested(60, 'all', 'true'), '64 levels'],
  ])('is bounded: one that is %s is refused when it is registered', (_, text, limit) => {
    expect(refused(outputOf(`\${${text}}`))).toMatchObject([
      { code: 'EXPRESSION_TOO_COMPLEX', message: expect.stringContaining(limit) },
    ]);
  });
});
