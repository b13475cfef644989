import { describe, expect, it } from 'vitest';
import type { ProjectionRecord } from '../../src/ports/read-models.ts';
import { eachWith, freshCollection, type Open } from './read-models-samples.ts';

/** The records of projections. */
export const recordsConformance = (open: Open): void => {
  describe('records of projections', () => {
    const subject = eachWith(open);
    const save = (record: ProjectionRecord) => subject.readModels.saveProjection(record);
    // Others may be there, of other tests.
    const saved = async (...names: readonly string[]): Promise<readonly ProjectionRecord[]> => {
      const all = await subject.readModels.projections();
      return names.flatMap((name) => all.filter((record) => record.name === name));
    };
    const begun = (): ProjectionRecord => ({
      name: freshCollection('projection'),
      version: 1,
      generation: 1,
      position: 0n,
    });

    it('answers those that were saved, with every field', async () => {
      const [one, two] = [begun(), { ...begun(), version: 7, generation: 12, position: 345n }];
      expect(await saved(one.name, two.name)).toEqual([]);
      await save(one);
      expect(await saved(one.name, two.name)).toEqual([one]);
      await save(two);
      expect(await saved(one.name, two.name)).toEqual([one, two]);
    });

    it('moves a checkpoint, and answers that it did', async () => {
      const record = begun();
      for (const position of [5n, 2n ** 53n + 1n, 2n ** 63n - 1n]) {
        expect(await save({ ...record, position })).toBe(true);
        expect(await saved(record.name)).toEqual([{ ...record, position }]);
      }
    });

    it('swaps the live collection', async () => {
      const record = { ...begun(), position: 100n };
      const rebuilt = { ...record, version: 2, generation: 2, position: 90n };
      await save(record);
      await save(rebuilt);
      expect(await saved(record.name)).toEqual([rebuilt]);
      // Generations are numbers, and 10 is not before 9.
      for (const generation of [9, 10]) {
        await save({ ...rebuilt, generation });
        expect(await saved(record.name)).toEqual([{ ...rebuilt, generation }]);
      }
    });

    it('never takes a record back', async () => {
      const record = { ...begun(), generation: 10, position: 2n ** 53n + 2n };
      await save(record);
      const late = [
        { ...record, position: 2n ** 53n + 1n },
        { ...record, position: 9n },
        { ...record, generation: 9 },
        { ...record, version: 2, generation: 9, position: 2n ** 53n + 3n },
      ];
      for (const each of late) {
        expect(await save(each), 'whether it is stored').toBe(false);
        expect(await saved(record.name)).toEqual([record]);
      }
      const positions = Array.from({ length: 10 }, (_, n) => BigInt(n) + record.position);
      await Promise.all(positions.toReversed().map((position) => save({ ...record, position })));
      expect(await saved(record.name)).toEqual([{ ...record, position: positions.at(-1) }]);
    });

    it('takes notes about projections, whose names are no collections', async () => {
      const record = begun();
      const note = { ...record, name: `${record.name}:building`, generation: 2, position: 1n };
      await save(record);
      await save(note);
      await save({ ...note, generation: 1, position: 9n });
      expect(await saved(record.name, note.name)).toEqual([record, note]);
    });

    it('leaves the others alone', async () => {
      const [one, two] = [begun(), begun()];
      await save(one);
      await save(two);
      await save({ ...one, position: 9n });
      expect(await saved(one.name, two.name)).toEqual([{ ...one, position: 9n }, two]);
    });

    it('takes a record as often as it is saved, also at once', async () => {
      const record = begun();
      const saves = await Promise.all(Array.from({ length: 10 }, () => save({ ...record, position: 3n })));
      expect(saves).toEqual(saves.map(() => true));
      expect(await saved(record.name)).toEqual([{ ...record, position: 3n }]);
    });

    it('keeps records when collections go, and over the end of the process', async () => {
      const record = { ...begun(), position: 2n ** 60n + 1n };
      await subject.prepare();
      await save(record);
      await subject.readModels.drop(subject.collection);
      await subject.reopen();
      expect(await saved(record.name)).toEqual([record]);
    });
  });
};
