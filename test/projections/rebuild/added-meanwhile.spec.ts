import { expect, it } from 'vitest';
import { openCompared } from './compared.ts';

const MOST = 20;
/** A page and more. */
const DOCUMENTS = 1_001;

const keyOf = (n: number): string => `key-${String(n).padStart(6, '0')}`;

const documents = (from: number, count: number, position: bigint) =>
  Array.from({ length: count }, (_, n) => {
    const key = keyOf(from + n);
    return { key, doc: { key }, position, expected: undefined };
  });

it('comes to an end however fast documents are added behind the others', async () => {
  let steps = 0;
  let there = DOCUMENTS + 1;
  const { readModels, comparing } = await openCompared(documents(0, DOCUMENTS, 5n), async () => {
    steps += 1;
    if (steps > MOST) throw new Error('It goes on and on.');
    await readModels.write('live', documents(there, DOCUMENTS, 6n));
    there += DOCUMENTS;
  });
  // Of the other one nobody would be told if what was there were not looked through to its end.
  await readModels.write('live', documents(DOCUMENTS, 1, 5n));
  await comparing.scan(5n);
  expect(comparing.open()).toBe(0);
  expect(comparing.result().comparison).toMatchObject({
    live: { documents: DOCUMENTS + 1 },
    differing: 1,
    differences: [{ key: keyOf(DOCUMENTS), rebuilt: null }],
  });
});
