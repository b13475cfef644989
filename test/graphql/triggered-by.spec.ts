import { describe, expect, it } from 'vitest';
import { triggeredByOf } from '../../src/graphql/triggered-by.ts';
import { tokenOf } from '../spec/token.ts';

const ALL = { name: 'Ann', preferred_username: 'ann', user_id: 'u-1', sub: 's-1', email: 'ann@example.org' };

describe('who sends a request', () => {
  it.each([
    ['email', 'ann@example.org'],
    ['sub', 's-1'],
    ['user_id', 'u-1'],
    ['preferred_username', 'ann'],
    ['name', 'Ann'],
  ] as const)('is the first claim of the token that is there: %s', (name, expected) => {
    const order = Object.keys(ALL).toReversed();
    const left = Object.fromEntries(
      Object.entries(ALL).filter(([key]) => order.indexOf(key) >= order.indexOf(name)),
    );
    expect(triggeredByOf(`Bearer ${tokenOf(left)}`)).toBe(expected);
  });

  it('is the next one when a claim is empty or no text', () => {
    expect(triggeredByOf(`bearer ${tokenOf({ email: '', sub: 7, user_id: null, name: 'Ann' })}`)).toBe('Ann');
    expect(triggeredByOf(`Bearer ${tokenOf({ aud: 'x' })}`)).toBeUndefined();
  });

  it.each([
    undefined,
    '',
    'Basic YTpi',
    'Bearer',
    'Bearer a.b',
    'Bearer a.!.c',
    'Bearer a.W10.c',
    'Bearer a.bnVsbA.c',
    'Bearer a.b.c.d',
  ])('is nobody without a token that can be read: %s', (header) =>
    expect(triggeredByOf(header)).toBeUndefined(),
  );

  it('is cut to what is kept of a name', () => {
    expect(triggeredByOf(`Bearer ${tokenOf({ sub: 'x'.repeat(500) })}`)).toBe('x'.repeat(200));
  });
});
