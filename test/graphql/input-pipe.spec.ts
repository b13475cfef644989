import { registerDecorator } from 'class-validator';
import { expect, it } from 'vitest';
import { InputPipe } from '../../src/graphql/errors/input-pipe.ts';

/** A class of arguments, and what was checked by it. */
const argumentsClass = () => {
  const checked: unknown[] = [];
  class Args {
    readonly name?: unknown;
  }
  registerDecorator({
    name: 'isShort',
    target: Args,
    propertyName: 'name',
    options: { message: 'a short name' },
    validator: {
      validate: (value) => {
        checked.push(value);
        return String(value).length < 3;
      },
    },
  });
  const pipe = new InputPipe();
  const check = (value: object) => pipe.transform(value, { type: 'body', metatype: Args, data: '' });
  return { Args, checked, check };
};

it('checks once what is good, and hands on what came with whatever it was checked as', async () => {
  const { Args, checked, check } = argumentsClass();
  const [first, second] = [await check({ name: 'a' }), await check({ name: 'a' })];
  expect(first).toEqual(Object.assign(new Args(), { name: 'a' }));
  expect(second).toEqual(first);
  expect(second).not.toBe(first);
  expect(checked).toEqual(['a']);
  await check({ name: 'b' });
  expect(checked).toEqual(['a', 'b']);
});

it('refuses what is not good as often as it comes', async () => {
  const { checked, check } = argumentsClass();
  for (const _ of [1, 2, 3]) await expect(check({ name: 'long' })).rejects.toThrow('expected a short name');
  expect(checked).toEqual(['long', 'long', 'long']);
});

it('checks each time what is told alike by no text, and remembers nothing of another class', async () => {
  const { checked, check } = argumentsClass();
  await check({ name: 1n });
  await check({ name: 1n });
  expect(checked).toEqual([1n, 1n]);
  await check({ name: [1] });
  await check({ name: [1] });
  await check({ name: ['1'] });
  expect(checked.slice(2)).toEqual([[1], ['1']]);
  await check({ name: 'a' });
  const other = argumentsClass();
  await other.check({ name: 'a' });
  expect(other.checked).toEqual(['a']);
});
