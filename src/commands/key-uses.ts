import type { Clock } from '../ports/clock.ts';
import type { KeyUses } from '../ports/api-keys.ts';
import type { Logger } from '../ports/logger.ts';
import type { ReadModels } from '../ports/read-models.ts';

/** Milliseconds between two notes of a key's use on a node. */
const PAUSE = 60_000;

// No projection, so it has no record among theirs: a collection of its own.
const COLLECTION = 'api_key_uses';

/** Keeps when keys were used among the views. */
export const createKeyUses = (readModels: ReadModels, clock: Clock, logger: Logger): KeyUses => {
  const noted = new Map<string, number>();

  const store = async (id: string, at: number): Promise<void> => {
    // Each time: they may be removed while the server runs.
    await readModels.prepare(COLLECTION, []);
    for (;;) {
      const before = (await readModels.load(COLLECTION, [id])).get(id)?.position;
      // The time takes the place of a position: the later one stays, whichever node it is of.
      const position = BigInt(at);
      if (before !== undefined && before >= position) return;
      const lost = await readModels.write(COLLECTION, [{ key: id, doc: {}, position, expected: before }]);
      if (lost.length === 0) return;
    }
  };

  return {
    note: (id) => {
      const now = clock.now();
      const last = noted.get(id);
      if (last !== undefined && now - last < PAUSE) return;
      noted.set(id, now);
      store(id, now).catch((error: unknown) =>
        logger.debug({ err: error, key: id }, 'When a key was used could not be stored.'),
      );
    },
    of: async (ids) => {
      const found = await readModels.load(COLLECTION, ids);
      return new Map([...found].map(([id, { position }]) => [id, Number(position)]));
    },
  };
};
