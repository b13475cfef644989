import { describe, expect, it } from 'vitest';
import { ReadModelsUnavailable } from '../../src/ports/read-models.ts';
import { liveCollections } from '../../src/projections/live-collections.ts';
import { openRunner } from './runner.ts';
import { settled } from './settled.ts';
import { runs } from './tally.ts';

const PATIENT = 30_000;

/** Counts how often the store is asked. */
const counting = async () => {
  const runner = await openRunner();
  let asked = 0;
  const readModels = {
    ...runner.readModels,
    projections: () => {
      asked += 1;
      return runner.readModels.projections();
    },
  };
  return { runner, readModels, asked: () => asked };
};

describe('the live collection of a projection', () => {
  it('is the first one while it never began', async () => {
    const { runner, readModels } = await counting();
    const projector = runner.start();
    expect(await liveCollections(readModels, projector).of('nobody')).toBe('nobody_1');
  });

  it('is what is stored, and asked for once', async () => {
    const { runner, readModels, asked } = await counting();
    await runner.readModels.saveProjection({ name: 'other', version: 1, generation: 7, position: 5n });
    const collections = liveCollections(readModels, runner.start());
    for (let n = 0; n < 3; n += 1) expect(await collections.of('other')).toBe('other_7');
    expect(asked()).toBe(1);
  });

  it('is the new one as soon as the projector has told of a swap', async () => {
    const { runner, readModels, asked } = await counting();
    const projector = runner.start();
    const collections = liveCollections(readModels, projector);
    await projector.waitFor(await runner.happen(runs(1)), ['tally'], PATIENT);
    expect(await collections.of('tally')).toBe('tally_1');
    const before = asked();
    for (const generation of [2, 3]) {
      await projector.rebuild('tally');
      expect(await collections.of('tally')).toBe(`tally_${generation}`);
    }
    expect(asked()).toBe(before);
  });

  it('is what was told when that comes while the store is asked', async () => {
    const { runner } = await counting();
    const projector = runner.start();
    await settled(projector, ({ state }) => state === 'running');
    const collections = liveCollections(
      {
        ...runner.readModels,
        projections: async () => {
          const records = await runner.readModels.projections();
          await projector.rebuild('tally');
          return records;
        },
      },
      projector,
    );
    expect(await collections.of('tally')).toBe('tally_2');
  });

  it('is not known while the store is away, and then is', async () => {
    const { runner } = await counting();
    const projector = runner.start();
    await settled(projector, ({ state }) => state === 'running');
    let away = true;
    const readModels = {
      ...runner.readModels,
      projections: async () => {
        if (away) throw new ReadModelsUnavailable('Expected the store to answer, but it is away.');
        return runner.readModels.projections();
      },
    };
    const collections = liveCollections(readModels, projector);
    await expect(collections.of('tally')).rejects.toThrow(ReadModelsUnavailable);
    away = false;
    expect(await collections.of('tally')).toBe('tally_1');
  });

  it('stays as it was for who let go of the projector', async () => {
    const { runner, readModels } = await counting();
    const projector = runner.start();
    await settled(projector, ({ state }) => state === 'running');
    const collections = liveCollections(readModels, projector);
    expect(await collections.of('tally')).toBe('tally_1');
    collections.close();
    await projector.rebuild('tally');
    expect(await collections.of('tally')).toBe('tally_1');
  });
});
