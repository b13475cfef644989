import { describe, expect, it } from 'vitest';
import { ExpressionError, type Scope } from '../../../src/domain/definition/definition.ts';
import { evaluated } from './evaluated.ts';

const scope: Scope = {
  input: {
    count: 5,
    name: 'ada',
    none: null,
    list: [1, 2],
    user: { role: 'admin' },
    large: 9_007_199_254_740_991,
  },
  workflow: { id: 'x', name: 'a', started_at: '' },
  output: null,
};

const errorOf = (text: string): ExpressionError => {
  try {
    evaluated(`\${${text}}`, scope);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error('Expected an error.');
};

describe('an expression that has no value', () => {
  it('names itself, its place, what is wrong and the values that it read', () => {
    expect(errorOf('input.name + input.count')).toMatchObject({
      code: 'EXPRESSION_ERROR',
      expression: 'input.name + input.count',
      path: 'execution.activities[1].output.value',
      message:
        'Expected `input.name + input.count` to have a value, but "+" does not take string, double (input.name is "ada"; input.count is 5).',
    });
  });

  it.each([
    ['input.user.age', 'Expected input.user to have "age", but it is an object with the keys role.'],
    ['input.none.x', 'Expected input.none to have "x", but it is null.'],
    ['input.name.x', 'Expected input.name to have "x", but it is "ada".'],
    ['input.list.x', 'Expected input.list to have "x", but it is [1,2].'],
    ['output.x', 'Expected output to have "x", but it is null.'],
    [
      'workflow.amount',
      'Expected workflow to have "amount", but it is an object with the keys id, name, started_at.',
    ],
    ['input.__proto__', 'Expected input to have "__proto__", but it is an object with the keys'],
    ['input.user.constructor', 'Expected input.user to have "constructor", but it is'],
    ['input["user"]["age"] + 1', 'there is no "age" (input.user.age is not there)'],
    ['input.list[2]', 'there is no item 2 (input.list is [1,2])'],
    ['input.list[-1]', 'there is no item -1'],
    ['input.count ? 1 : 2', '"? :" does not take double (input.count is 5)'],
    ['!input.count', '"!" does not take double'],
    ['input.name < 5', '"<" does not take string, int'],
    ['size(input.count)', '"size" does not take double'],
    ['"a".matches("a", "b")', '"matches" does not take string, string, string'],
    ['has(input.age.x)', 'there is no "age"'],
    ['has(input.list.x)', 'has() looks into maps, not into a list'],
    ['input.count / 0', 'division by zero'],
    ['1 / 0', 'divide by zero'],
    ['9223372036854775807 + 1', 'overflow'],
    ['input.large + 1', 'beyond the integers that are exact'],
    ['9223372036854775807', 'beyond the integers that JSON holds exactly'],
    ['1e308 * 10.0', 'Infinity, which JSON cannot hold'],
    ['b"abc"', 'its value is bytes'],
    ['type(1)', 'no value that JSON can hold'],
    ['int("")', '"" is no integer'],
    ['int(" 1")', '" 1" is no integer'],
    ['int("0x10")', '"0x10" is no integer'],
    ['int("99999999999999999999")', 'is no integer'],
    ['uint("-1")', '"-1" is no unsigned integer'],
    ['double("")', '"" is no number'],
    ['double("1e")', '"1e" is no number'],
    ['timestamp("yesterday")', '"yesterday" is no time such as 2026-01-31T09:00:00Z'],
    ['timestamp("2026-02-30T00:00:00Z")', '"2026-02-30T00:00:00Z" is no time such as 2026-01-31T09:00:00Z'],
    ['timestamp(253402300800)', 'no time from the year 1 to 9999'],
    ['duration("soon")', 'it is no duration such as "90s" or "1h30m"'],
    ['input.name.matches("(")', 'missing closing )'],
    ['["a", 1].join()', 'join() takes a list of strings'],
    ['input.name == "x" || input.age', 'there is no "age"'],
    ['[1, 2].map(x, x + "a")', '"+" does not take int, string'],
  ])('says what is wrong: %s', (text, message) => {
    expect(errorOf(text).message).toContain(message);
  });

  it.each(['input.user.age', 'input.list[2]', '1 / 0', 'input.name + 1'])(
    'reads "Expected …, but ….": %s',
    (text) => {
      expect(errorOf(text).message).toMatch(/^Expected .+, but .+\.$/s);
    },
  );
});
