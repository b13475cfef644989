import { describe, expect, it } from 'vitest';
import { NonRetryable, defineActivity } from '../../src/index.ts';
import { createActivities } from '../../src/activities/registry.ts';
import { attemptContext } from './context.ts';

const run = () => null;

describe('defineActivity', () => {
  it('makes an activity that runs what it was given', async () => {
    const { context } = attemptContext({ attempt: 3 });
    const greet = defineActivity<{ readonly name: string }>({
      name: 'greet',
      idempotent: true,
      run: async (ctx, { name }) => `${name} ${ctx.attempt}`,
    });
    expect(greet).toMatchObject({ name: 'greet', idempotent: true });
    expect(await greet.run(context, { name: 'Ada' })).toBe('Ada 3');
  });

  it('keeps `this` for a definition that is an object with state', async () => {
    const counting = {
      name: 'count',
      count: 41,
      run() {
        this.count += 1;
        return this.count;
      },
    };
    expect(await defineActivity(counting).run(attemptContext().context, null)).toBe(42);
  });

  it.each([
    [{ name: '', run }, 'but found "".'],
    [{ name: 'with space', run }, 'but found "with space".'],
    [{ run }, 'but found nothing.'],
    [{ name: 'a' }, 'Expected "run" of the activity "a" to be a function, but found nothing.'],
    [
      { name: 'a', run, input: [] },
      'Expected "input" of the activity "a" to be a JSON Schema, but found a list.',
    ],
    [
      { name: 'a', run, output: 'x' },
      'Expected "output" of the activity "a" to be a JSON Schema, but found "x".',
    ],
    [
      { name: 'a', run, idempotent: 1 },
      'Expected "idempotent" of the activity "a" to be true or false, but found a number.',
    ],
  ])('refuses %o', (definition, message) => {
    expect(() => defineActivity(definition as never)).toThrow(message);
  });
});

describe('NonRetryable', () => {
  it('carries its type and details, and is not retried', () => {
    const error = new NonRetryable('no such card', { type: 'CardUnknown', details: { card: 1 } });
    expect(error).toMatchObject({
      name: 'NonRetryable',
      type: 'CardUnknown',
      retryable: false,
      details: { card: 1 },
    });
    expect(new NonRetryable('x').type).toBe('NonRetryable');
  });
});

describe('the registry', () => {
  const of = (name: string, from = 'a.ts', more = {}) => ({ activity: { name, run, ...more }, from });

  it('finds activities by name', () => {
    const activities = createActivities([of('b'), of('a')]);
    expect(activities.names()).toEqual(['a', 'b']);
    expect(activities.find('a')?.name).toBe('a');
    expect(activities.find('constructor')).toBeUndefined();
  });

  it('refuses a name that is there twice, naming both files', () => {
    expect(() => createActivities([of('a', 'one.ts'), of('a', 'two.ts')])).toThrow(
      'two.ts: Expected each activity to have a name of its own, but "a" is also in one.ts.',
    );
  });

  it('refuses a schema that is none', () => {
    expect(() => createActivities([of('a', 'one.ts', { input: { type: 'nonsense' } })])).toThrow(
      /^one\.ts: Expected "input" of the activity "a" to be a JSON Schema, but /,
    );
  });
});
