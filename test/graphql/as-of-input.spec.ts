import { describe, expect, it } from 'vitest';
import { asOfFrom } from '../../src/graphql/inputs/as-of.input.ts';
import { logMomentFrom } from '../../src/graphql/inputs/log-as-of.input.ts';

describe('a moment of the past', () => {
  it('is given by a position, a revision or a time, the first of each as well', () => {
    expect(asOfFrom({ position: 0n })).toEqual({ by: 'position', position: 0n });
    expect(asOfFrom({ revision: 0, at: null })).toEqual({ by: 'revision', revision: 0 });
    expect(asOfFrom({ at: 0 })).toEqual({ by: 'at', at: 0 });
    expect(asOfFrom(null)).toBeUndefined();
  });

  it.each([
    [{}, 'none of them'],
    [{ position: null }, 'none of them'],
    [{ position: 1n, revision: 0 }, 'position and revision'],
    [{ position: 1n, revision: 0, at: 5 }, 'position and revision and at'],
  ])('is refused unless it is given by exactly one: %o', (input, found) => {
    expect(() => asOfFrom(input)).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        message: `Expected exactly one of position, revision and at, but found ${found}.`,
        details: { field: 'asOf', found, expected: 'exactly one of position, revision and at' },
      }),
    );
  });
});

describe('a moment of the whole log', () => {
  it('is given by a position or a time, the first of each as well', () => {
    expect(logMomentFrom({ position: 0n, at: null })).toEqual({ by: 'position', position: 0n });
    expect(logMomentFrom({ at: 0 })).toEqual({ by: 'at', at: 0 });
    expect(logMomentFrom(null)).toBeUndefined();
  });

  it.each([
    [{}, 'none of them'],
    [{ position: 1n, at: 5 }, 'position and at'],
  ])('is refused unless it is given by exactly one: %o', (input, found) => {
    expect(() => logMomentFrom(input)).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        message: `Expected exactly one of position and at, but found ${found}.`,
        details: { field: 'asOf', found, expected: 'exactly one of position and at' },
      }),
    );
  });
});
