import { describe, expect, it } from 'vitest';
import type { Condition, Look } from '../../src/ports/read-models.ts';
import { eachWith, type Open } from './read-models-samples.ts';

const DOCUMENTS = Object.fromEntries(
  Array.from({ length: 9 }, (_, n) => [
    `k${n}`,
    { v: n === 0 ? null : n, w: n % 3, list: [`t${n % 2}`, 'all'] },
  ]),
);

const third: Condition = { field: 'w', op: 'eq', value: 0 };
const odd: Condition = { field: 'list', op: 'has', values: ['t1'] };
const late: Condition = { field: 'v', op: 'gte', value: 5 };

/** Documents that are looked at for those of them that are wanted. */
export const lookConformance = (open: Open): void => {
  describe.each(['with an index', 'without an index'])('a look %s', (how) => {
    const subject = eachWith(open);
    const look = async (asked: Partial<Look>) => {
      const orderBy = [{ field: 'v', direction: 'asc' }] as const;
      const whole: Look = { where: [], orderBy, meeting: [third], most: 9, limit: 9, ...asked };
      const [looked] = await subject.readModels.lookEach(subject.collection, [whole]);
      return [...(looked?.found ?? []).map(({ key }) => key), '|', looked?.last?.key];
    };
    const seed = async () => {
      await subject.prepare(...(how === 'with an index' ? [['v'], ['w', 'v']] : []));
      await subject.seed(DOCUMENTS);
    };

    it('finds what is wanted among those that it looks at, and says where it ends', async () => {
      await seed();
      expect(await look({ most: 4 })).toEqual(['k0', 'k3', '|', 'k3']);
      expect(await look({ most: 5 })).toEqual(['k0', 'k3', '|', 'k4']);
      expect(await look({ most: 10 })).toEqual(['k0', 'k3', 'k6', '|', undefined]);
      expect(await look({ most: 2, after: { values: [3], key: 'k3' } })).toEqual(['|', 'k5']);
      expect(await look({ most: 2, after: { values: [7], key: 'k7' } })).toEqual(['|', undefined]);
    });

    it('ends with the last that was wanted when it found as many', async () => {
      await seed();
      expect(await look({ limit: 2 })).toEqual(['k0', 'k3', '|', 'k3']);
      expect(await look({ limit: 3, meeting: [odd] })).toEqual(['k1', 'k3', 'k5', '|', 'k5']);
    });

    it('looks the other way too, to what has no value behind all that has', async () => {
      await seed();
      const orderBy = [{ field: 'v', direction: 'desc' }] as const;
      expect(await look({ orderBy, most: 8 })).toEqual(['k6', 'k3', '|', 'k1']);
      expect(await look({ orderBy, most: 9, after: { values: [1], key: 'k1' } })).toEqual([
        'k0',
        '|',
        undefined,
      ]);
      expect(await look({ orderBy, most: 1, after: { values: [1], key: 'k1' } })).toEqual(['k0', '|', 'k0']);
    });

    it('comes by those that it looks at by conditions, by texts of a list as well', async () => {
      await seed();
      expect(await look({ where: [third], meeting: [odd], most: 2 })).toEqual(['k3', '|', 'k3']);
      expect(await look({ where: [odd], meeting: [late], most: 3 })).toEqual(['k5', '|', 'k5']);
      expect(await look({ where: [odd], meeting: [late, third], most: 3 })).toEqual(['|', 'k5']);
      expect(await look({ where: [late], meeting: [], most: 2 })).toEqual(['k5', 'k6', '|', 'k6']);
    });

    it('takes documents that are equal in the order one by one', async () => {
      await seed();
      const orderBy = [{ field: 'w', direction: 'asc' }] as const;
      expect(await look({ orderBy, meeting: [late], most: 4 })).toEqual(['k6', '|', 'k1']);
      const after = { values: [1], key: 'k1' };
      expect(await look({ orderBy, meeting: [late], most: 3, after })).toEqual(['k7', '|', 'k2']);
    });

    it('finds nothing in a collection that is not there, and refuses what cannot be looked for', async () => {
      expect(await look({})).toEqual(['|', undefined]);
      await seed();
      await expect(look({ most: 0 })).rejects.toThrow('Expected to look at a whole number of documents');
      await expect(look({ limit: 0 })).rejects.toThrow(
        'Expected to look for 1 document or more, but found 0.',
      );
      await expect(look({ meeting: [{ field: 'a.b', op: 'eq', value: 1 }] })).rejects.toThrow(TypeError);
    });
  });
};
