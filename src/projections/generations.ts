import type { ProjectionRecord, ReadModels } from '../ports/read-models.ts';

/** Which collections of a projection there are or may be, by number; 0 where there is none. */
export interface Generations {
  readonly live: number;
  /** The one that was live before. */
  readonly kept: number;
  /** The newest that was begun and never got live. */
  readonly unfinished: number;
  /** One that nobody has named yet: what is still on its way to the store cannot take it away. */
  readonly next: number;
  /** The one to begin with where there was none ever. */
  readonly first: number;
}

// No collection can have a colon in its name, so no projection is called like this.
const reservationOf = (name: string): string => `${name}:building`;

/** Whether a record is a projection's, and no note about one. */
export const isView = ({ name }: ProjectionRecord): boolean => !name.includes(':');

/** The records of projections. Rejects as `projections` does. */
export const readViews = async (readModels: ReadModels): Promise<readonly ProjectionRecord[]> =>
  (await readModels.projections()).filter(isView);

/** The generations of a projection, as the records say. */
export const generationsOf = (records: readonly ProjectionRecord[], name: string): Generations => {
  const live = records.find((record) => record.name === name)?.generation ?? 0;
  const reserved = records.find((record) => record.name === reservationOf(name));
  if (reserved === undefined || reserved.generation < live) {
    // Of before numbers were reserved: the next one may be there, and a call that names it under way.
    const unfinished = live === 0 ? 0 : live + 1;
    return { live, kept: Math.max(0, live - 1), unfinished, next: live + 2, first: 1 };
  }
  const { generation, position } = reserved;
  return generation === live
    ? { live, kept: Number(position), unfinished: 0, next: live + 1, first: live + 1 }
    : { live, kept: 0, unfinished: generation, next: generation + 1, first: generation + 1 };
};

/** Makes a number known as used, before there is a collection of it. */
export const reserveGeneration = async (
  readModels: ReadModels,
  { name, version }: Pick<ProjectionRecord, 'name' | 'version'>,
  generation: number,
  live: number,
): Promise<void> => {
  await readModels.saveProjection({
    name: reservationOf(name),
    version,
    generation,
    position: BigInt(live),
  });
};
