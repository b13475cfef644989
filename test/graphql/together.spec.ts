import { describe, expect, it } from 'vitest';
import { createTogether, keyOf } from '../../src/graphql/feed/together.ts';

/** Asks that are answered by hand, in the order in which they were begun. */
const asks = () => {
  const begun: PromiseWithResolvers<string>[] = [];
  return {
    begun,
    ask: (): Promise<string> => {
      const one = Promise.withResolvers<string>();
      begun.push(one);
      return one.promise;
    },
  };
};

describe('those who want to know the same', () => {
  it('are answered together, when they want it at once', async () => {
    const { begun, ask } = asks();
    const together = createTogether();
    const all = Promise.all(Array.from({ length: 1_000 }, () => together('a', ask)));
    await expect.poll(() => begun.length).toBe(1);
    begun[0]?.resolve('told');
    expect(new Set(await all)).toEqual(new Set(['told']));
    expect(begun).toHaveLength(1);
  });

  it('are answered by what is begun after they wanted it, once for all who came meanwhile', async () => {
    const { begun, ask } = asks();
    const together = createTogether();
    const first = together('a', ask);
    await expect.poll(() => begun.length).toBe(1);
    const late = [together('a', ask), together('a', ask)];
    begun[0]?.resolve('before');
    expect(await first).toBe('before');
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.resolve('after');
    expect(await Promise.all(late)).toEqual(['after', 'after']);
  });

  it('are all told that it failed, and can ask again', async () => {
    const { begun, ask } = asks();
    const together = createTogether();
    const both = [together('a', ask), together('a', ask)];
    await expect.poll(() => begun.length).toBe(1);
    const again = together('a', ask);
    begun[0]?.reject(new Error('away'));
    for (const one of both) await expect(one).rejects.toThrow('away');
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.resolve('there');
    expect(await again).toBe('there');
  });

  it('have answers of their own where anything that they ask for differs', async () => {
    const { begun, ask } = asks();
    const together = createTogether();
    const keys = [
      keyOf('a', { tenant: 'acme' }, 1n),
      keyOf('a', { tenant: 'beta' }, 1n),
      keyOf('a', { tenant: 'acme' }, 1),
      keyOf('a', { tenant: 'acme' }, undefined),
    ];
    const all = Promise.all(keys.map((key) => together(key, ask)));
    await expect.poll(() => begun.length).toBe(keys.length);
    for (const [n, { resolve }] of begun.entries()) resolve(String(n));
    expect(await all).toEqual(['0', '1', '2', '3']);
  });
});
