import { describe, expect, it } from 'vitest';
import { cut, shortened } from '../../src/domain/cut.ts';

describe('A text that is cut', () => {
  it('stays as it is when it is not too long', () => {
    expect(cut('abc', 3)).toBe('abc');
    expect(shortened('abc', 3)).toBe('abc');
  });

  it('has its first characters, and says where some are left out', () => {
    expect(cut('abcd', 3)).toBe('abc');
    expect(shortened('abcd', 3)).toBe('ab…');
  });

  it('has no half of a character', () => {
    expect(cut('ab😀d', 3)).toBe('ab');
    expect(cut('ab😀d', 4)).toBe('ab😀');
    expect(shortened('ab😀de', 4)).toBe('ab…');
    expect(shortened('ab😀de', 5)).toBe('ab😀…');
  });
});
