import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DocumentWrite, StoredDocument } from '../../src/ports/read-models.ts';
import { freshCollection, type Open } from './read-models-samples.ts';

const position = fc.bigInt({ min: 0n, max: 3n });

/** Few keys and positions, so that guards hold about as often as not. */
const write: fc.Arbitrary<DocumentWrite> = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd'),
  doc: fc.record({ n: fc.nat(3), m: fc.constantFrom('x', null) }, { requiredKeys: [] }),
  position,
  expected: fc.option(position, { nil: undefined }),
});
const call = fc.uniqueArray(write, { selector: ({ key }) => key, maxLength: 4 });

/** Random writes, against a map that is guarded the same way. */
export const guardModelConformance = (open: Open): void => {
  it('lets through what its guard lets through, over any writes', async () => {
    const opened = await open();
    const { readModels } = opened;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
          const collection = freshCollection();
          await readModels.prepare(collection, [{ fields: ['n', 'm'] }]);
          const model = new Map<string, StoredDocument>();
          for (const writes of calls) {
            const passed = writes.filter(({ key, expected }) => model.get(key)?.position === expected);
            const lost = writes.filter((one) => !passed.includes(one)).map(({ key }) => key);
            expect(await readModels.write(collection, writes)).toEqual(lost);
            for (const { key, doc, position: at } of passed)
              model.set(key, { key, doc: { ...doc }, position: at });
            expect(await readModels.load(collection, ['a', 'b', 'c', 'd'])).toEqual(model);
          }
          const all = [...model.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
          expect(await readModels.find(collection, { limit: 9 })).toEqual(all);
          for (const n of [0, 1, 2, 3]) {
            const where = [{ field: 'n', op: 'eq', value: n } as const];
            expect(await readModels.find(collection, { where, limit: 9 })).toEqual(
              all.filter(({ doc }) => doc['n'] === n),
            );
          }
          await readModels.drop(collection);
        }),
        { numRuns: 60 },
      );
    } finally {
      await opened.close();
    }
  }, 120_000);
};
