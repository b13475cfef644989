import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Condition, DocumentQuery, StoredDocument } from '../../src/ports/read-models.ts';
import { answerOf, lookedOf, placeIn } from './read-models-order.ts';
import { freshCollection, type Open } from './read-models-samples.ts';

const text = fc.oneof(
  fc.constantFrom('', 'a', 'A', 'ab', 'b', 'é', '\uffee', '😀', '10', '9', 'a\u0000', '$a'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const number = fc.oneof(
  fc.constantFrom(0, 1, -1, 2, 10, 9, 0.5, -0.5, 2 ** 53, -(2 ** 53), 2 ** 60, 1e300, -1e300),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
);
const scalar = fc.oneof(fc.constant(null), number, text);
const stray = fc.constantFrom<JsonObject[string]>(true, false, [1], ['a', null], {}, { a: 1 });
const value = fc.oneof({ arbitrary: scalar, weight: 9 }, { arbitrary: stray, weight: 1 });

/** The first two fields are indexed together, the third alone, the fourth not at all. */
const FIELDS = ['a', 'b', 'c', 'free'] as const;
const field = fc.constantFrom(...FIELDS);

const list = fc.array(fc.oneof({ arbitrary: text, weight: 6 }, { arbitrary: scalar, weight: 1 }), {
  maxLength: 4,
});
/** A list with an index, and one without. */
const listed = fc.constantFrom('list', 'freeList');
const doc = fc.record(
  { a: value, b: value, c: value, free: value, list, freeList: list },
  { requiredKeys: [] },
);
const docs = fc.dictionary(fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }), doc, { maxKeys: 40 });

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ field, op: fc.constantFrom('eq', 'gt', 'gte', 'lt', 'lte'), value: scalar }),
  fc.record({ field, op: fc.constant('in' as const), values: fc.array(scalar, { maxLength: 4 }) }),
  fc.record({ field: listed, op: fc.constant('has' as const), values: fc.array(text, { maxLength: 3 }) }),
  fc.record({ field: listed, op: fc.constant('hasWithin' as const), from: text, before: text }),
);
const orderBy = fc.uniqueArray(
  fc.record({ field, direction: fc.constantFrom<'asc' | 'desc'>('asc', 'desc') }),
  { selector: (order) => order.field, maxLength: 3 },
);
const where = fc.oneof(fc.constant([]), fc.array(condition, { maxLength: 3 }));
const query: fc.Arbitrary<DocumentQuery> = fc.record({
  where,
  orderBy,
  limit: fc.integer({ min: 1, max: 7 }),
});
const place = fc.record({ values: fc.array(scalar, { minLength: 3, maxLength: 3 }), key: text });

/** Reads everything that a query is about, page after page; the documents of a page stand behind those of the last. */
const pages = async (
  find: (query: DocumentQuery) => Promise<readonly StoredDocument[]>,
  asked: DocumentQuery,
  most: number,
): Promise<readonly StoredDocument[]> => {
  const all: StoredDocument[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await find(last === undefined ? asked : { ...asked, after: placeIn(asked, last) });
    expect(page.length).toBeLessThanOrEqual(asked.limit);
    all.push(...page);
    // No order repeats a document, so that even a wrong one comes to an end here.
    if (page.length < asked.limit || all.length > most) return all;
  }
};

/** Random queries of random documents, against a list that is filtered and sorted. */
export const queryModelConformance = (open: Open): void => {
  it('answers any query as a sorted list would, page by page without gap or repeat', async () => {
    const opened = await open();
    const { readModels } = opened;
    try {
      await fc.assert(
        fc.asyncProperty(
          docs,
          fc.array(fc.tuple(query, place), { minLength: 5, maxLength: 10 }),
          async (made, asked) => {
            const collection = freshCollection();
            await readModels.prepare(collection, [
              { fields: ['a', 'b'] },
              { fields: ['c'] },
              { each: 'list', fields: ['a'] },
            ]);
            const all = Object.entries(made).map(([key, each], n) => ({
              key,
              doc: { ...each },
              position: BigInt(n),
            }));
            await readModels.write(
              collection,
              all.map((one) => ({ ...one, expected: undefined })),
            );
            const find = (each: DocumentQuery) => readModels.find(collection, each);
            for (const [each, { values, key }] of asked) {
              const whole = answerOf(all, { ...each, limit: 1_000 });
              expect(await pages(find, each, all.length)).toEqual(whole);
              expect(await find({ ...each, limit: 0 })).toEqual([]);
              const { where = [], limit } = each;
              const some = await find({ where, anyOrder: true, limit });
              const met = answerOf(all, { where, limit: 1_000 });
              expect(some).toHaveLength(Math.min(limit, met.length));
              expect(met).toEqual(expect.arrayContaining([...some]));
              expect(new Set(some.map((one) => one.key)).size).toBe(some.length);
              const after = { key, values: values.slice(0, each.orderBy?.length ?? 0) };
              expect(await find({ ...each, after })).toEqual(answerOf(all, { ...each, after }));
            }
            for (const [n, [each, { values, key }]] of asked.entries()) {
              const { orderBy: by = [], where: come = [], limit } = each;
              const after = n % 2 === 0 ? undefined : { key, values: values.slice(0, by.length) };
              const [{ where: meeting = [] }] = asked[(n + 1) % asked.length] ?? [each];
              const look = { where: come, orderBy: by, after, meeting, most: 1 + n * 2, limit };
              expect(await readModels.lookEach(collection, [look, { ...look, most: 1 }])).toEqual([
                lookedOf(all, look),
                lookedOf(all, { ...look, most: 1 }),
              ]);
            }
            const together = asked.map(([each, { values, key }], n) =>
              n % 2 === 0
                ? each
                : { ...each, after: { key, values: values.slice(0, each.orderBy?.length ?? 0) } },
            );
            expect(await readModels.findEach(collection, together)).toEqual(
              together.map((each) => answerOf(all, each)),
            );
            await readModels.drop(collection);
          },
        ),
        { numRuns: 100 },
      );
    } finally {
      await opened.close();
    }
  }, 120_000);
};
