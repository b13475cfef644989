import { expect, it } from 'vitest';
import { coalesced } from '../src/coalesced.ts';

/** Work that ends when it is told to. */
const held = () => {
  const begun: { readonly key: string; readonly end: PromiseWithResolvers<void> }[] = [];
  const ask = coalesced((key) => {
    const end = Promise.withResolvers<void>();
    begun.push({ key, end });
    return end.promise;
  });
  return { begun, ask, keys: () => begun.map(({ key }) => key) };
};

it('does once more, for all who ask while it is under way', async () => {
  const { begun, ask, keys } = held();
  const first = ask('a');
  const others = Promise.all([ask('a'), ask('a'), ask('b')]);
  expect(keys()).toEqual(['a', 'b']);
  begun[0]?.end.resolve();
  await first;
  await expect.poll(keys).toEqual(['a', 'b', 'a']);
  begun[1]?.end.resolve();
  begun[2]?.end.resolve();
  await others;
  expect(keys()).toEqual(['a', 'b', 'a']);
});

it('tells each who asked what went wrong, and goes on', async () => {
  const { begun, ask, keys } = held();
  const first = ask('a');
  const second = ask('a');
  begun[0]?.end.reject(new Error('It went wrong.'));
  await expect(first).rejects.toThrow('It went wrong.');
  await expect.poll(keys).toEqual(['a', 'a']);
  begun[1]?.end.resolve();
  await expect(second).resolves.toBeUndefined();
  expect(keys()).toEqual(['a', 'a']);
});
