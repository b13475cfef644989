import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/domain/json.ts';
import { evaluated } from './evaluated.ts';

const scope = {
  event: { id: 'T-1' },
  input: {
    count: 5,
    ratio: 1.5,
    name: 'ada',
    none: null,
    yes: true,
    list: [1, 2, 3],
    user: { role: 'admin', 'first-name': 'Ada' },
    users: [
      { name: 'ada', age: 36 },
      { name: 'bob', age: 17 },
    ],
    at: '2026-01-31T09:00:00Z',
    __proto__: 1,
  },
  workflow: { id: 'x', name: 'a', started_at: '2026-01-31T09:00:00Z', count: 7 },
  steps: { first: { output: { sum: 3 }, status: 'completed', attempts: 2 } },
  output: { agent: 'A-1' },
};

const whole: readonly (readonly [string, Json])[] = [
  ['${input.count}', 5],
  ['${ input.ratio }', 1.5],
  ['${input.yes}', true],
  ['${input.none}', null],
  ['${input.list}', [1, 2, 3]],
  ['${input.user}', { role: 'admin', 'first-name': 'Ada' }],
  ['${"5"}', '5'],
];

describe('a text that is one expression', () => {
  it.each(whole)('keeps the type of its value: %s', (text, value) => {
    expect(evaluated(text, scope)).toEqual(value);
  });

  it('is evaluated wherever it stands', () => {
    const value = { a: ['${input.count}', { b: '${input.yes}' }], c: 'plain', d: 1 };
    expect(evaluated(value, scope)).toEqual({ a: [5, { b: true }], c: 'plain', d: 1 });
  });
});

describe('a text with something around its expressions', () => {
  it.each([
    ['n=${input.count}', 'n=5'],
    [' ${input.count}', ' 5'],
    ['${input.count}${input.name}', '5ada'],
    ['is ${input.yes}, ${input.none}', 'is true, null'],
    ['${input.list} and ${input.user}', '[1,2,3] and {"role":"admin","first-name":"Ada"}'],
    ['${1.0}x', '1x'],
    ['costs $5', 'costs $5'],
    ['$${input.count} is written $$', '${input.count} is written $$'],
    ['${"$"}${input.count}', '$5'],
    ['a } b { c', 'a } b { c'],
  ])('is joined as text: %s', (text, value) => {
    expect(evaluated(text, scope)).toBe(value);
  });
});

describe('an expression', () => {
  it.each<readonly [string, Json]>([
    ['event.id + workflow.name + output.agent', 'T-1aA-1'],
    ['steps.first.output.sum + steps["first"].attempts', 5],
    ['input.user["first-name"]', 'Ada'],
    ['input["user"].role', 'admin'],
    ['input.list[0] + input.list[size(input.list) - 1]', 4],
    // Numbers of JSON are doubles, and whole numbers meet them.
    ['input.count + 1', 6],
    ['2 * input.ratio', 3],
    ['input.count / 2', 2.5],
    ['7 / 2', 3],
    ['input.count % 2', 1],
    ['-input.count', -5],
    ['-0.0', 0],
    ['input.count == 5 && input.count >= 5.0 && 5 <= input.count', true],
    ['[1, 2, 3] == input.list', true],
    ['{"role": "admin", "first-name": "Ada"} == input.user', true],
    ['input.name == 5', false],
    ['input.none == null', true],
    ['2 in input.list && !(4 in input.list)', true],
    ['"role" in input.user && "none" in input && !("age" in input.user)', true],
    ['has(input.name) && has(input.none) && !has(input.age)', true],
    ['has(input.constructor) || has(input.user.toString)', false],
    ['input.yes ? "y" : "n"', 'y'],
    ['input.users.map(u, u.name)', ['ada', 'bob']],
    ['input.users.filter(u, u.age >= 18)[0].name', 'ada'],
    ['input.users.map(u, u.age >= 18, u.name)', ['ada']],
    ['input.users.all(u, u.age > 1) && input.users.exists(u, u.age < 18)', true],
    ['input.users.exists_one(u, u.name == "ada")', true],
    ['input.user.map(key, key)', ['role', 'first-name']],
    ['input.list.map(x, input.list.filter(y, y > x))', [[2, 3], [3], []]],
    ['input.list + [4]', [1, 2, 3, 4]],
    ['{"a": input.count, "b": [1, "x"], 3: true}', { a: 5, b: [1, 'x'], '3': true }],
    ['size("😀é") + size(input.user)', 4],
    ['"abc".startsWith("a") && "abc".endsWith("c") && "abc".contains("b")', true],
    ['input.name.matches("^a[a-z]+$")', true],
    ['"a,b".split(",").join("-").upperAscii()', 'A-B'],
    ['" Ab ".trim().lowerAscii().replace("b", "cd")', 'acd'],
    ['"abc".substring(1) + "abc".substring(0, 1) + "abc".charAt(1)', 'bcab'],
    ['"abcb".indexOf("b") + "abcb".lastIndexOf("b")', 4],
    ['string(input.count) + string(1.5) + string(true)', '51.5true'],
    ['int("12") + int(1.9) + int(-1.9)', 12],
    ['double("1.5") + double("-.5e1")', -3.5],
    ['bool("true")', true],
    ['type(input.count) == double && type(1) == int', true],
    ['timestamp(input.at) + duration("1h30m")', '2026-01-31T10:30:00Z'],
    ['timestamp(input.at) - timestamp("2026-01-31T08:59:00Z")', '60s'],
    ['timestamp(input.at).getDayOfWeek() + timestamp(input.at).getHours("Europe/Berlin")', 16],
    [
      '[timestamp(input.at).getMonth(), timestamp(input.at).getDate(), timestamp(input.at).getDayOfMonth()]',
      [0, 31, 30],
    ],
    ['timestamp(0)', '1970-01-01T00:00:00Z'],
    ['timestamp(input.at) < timestamp("2026-02-01T00:00:00+01:00")', true],
    // An error does not matter where the other side decides.
    ['input.age > 1 || true', true],
    ['input.age > 1 && false', false],
    ['input.list.exists(x, x > 2 || x.y)', true],
    ['"}" + "{" + r"\\n" + \'"\'', '}{\\n"'],
    ['input.count > 1 // a remark\n', true],
  ])('has its value: %s', (text, value) => {
    expect(evaluated(`\${${text}}`, scope)).toEqual(value);
  });
});
