import { describe, expect, it } from 'vitest';
import { builtInActivities } from '../../src/activities/built-in.ts';
import { createActivities } from '../../src/activities/registry.ts';
import { compileSchema } from '../../src/domain/json-schema.ts';
import type { Json } from '../../src/domain/json.ts';
import { attemptContext } from './context.ts';

const activities = createActivities(builtInActivities({}));
const problems = (name: string, input: Json) => compileSchema(activities.find(name)?.input ?? {})(input);

describe('the built-in activities', () => {
  it('are these', () => {
    expect(activities.names()).toEqual(['http', 'log', 'transform']);
  });

  it('log writes a line and answers null', async () => {
    const { context, lines } = attemptContext();
    const log = activities.find('log');
    expect(
      await log?.run(context, { message: 'Escalated', level: 'warn', fields: { ticket: 'T-1' } }),
    ).toBeNull();
    expect(await log?.run(context, { message: 'Done' })).toBeNull();
    expect(lines).toEqual([
      { level: 'warn', message: 'Escalated', fields: { ticket: 'T-1' } },
      { level: 'info', message: 'Done', fields: undefined },
    ]);
  });

  it('transform answers its input', async () => {
    expect(await activities.find('transform')?.run(attemptContext().context, { a: [1] })).toEqual({ a: [1] });
  });

  it.each([
    ['http', {}],
    ['http', { url: 'http://x', method: 'TRACE' }],
    ['http', { url: 'http://x', headers: { a: { secret: 'a b' } } }],
    ['http', { url: 'http://x', timeout: 1 }],
    ['log', {}],
    ['log', { message: 'x', level: 'loud' }],
  ])('%s refuses %o by its schema', (name, input) => {
    expect(problems(name, input)).not.toEqual([]);
  });

  it('http takes references wherever its schema lets it', () => {
    const secret = { secret: 'A', prefix: 'x' };
    expect(
      problems('http', {
        url: secret,
        method: 'post',
        query: { a: secret, b: 1 },
        headers: { a: secret },
        body: [secret],
      }),
    ).toEqual([]);
  });
});
