import type { JsonObject } from '../domain/json.ts';
import type { DocumentWrite, ReadModels } from '../ports/read-models.ts';
import type { ProjectionFault, ProjectionStatus } from './projector.ts';

/** How a generation of a projection fares, for those that do not fold it. */
export interface SharedFault {
  readonly generation: number;
  /** Why it is stopped; `undefined` when it is not. */
  readonly fault: ProjectionFault | undefined;
  /** How many events it passes over where it cannot fold them. */
  readonly parked: number;
}

// No projection is called like this: each would have a generation behind its name.
const COLLECTION = 'stopped-projections';

const docOf = ({ state, generation, lastError, parked }: ProjectionStatus): JsonObject => {
  const fault = state === 'stopped' ? lastError : null;
  if (fault === null && parked === 0) return {};
  return {
    generation,
    ...(fault === null ? {} : { fault: { ...fault, position: fault.position?.toString() ?? null } }),
    ...(parked === 0 ? {} : { parked }),
  };
};

type StoredFault = Partial<Omit<SharedFault, 'generation' | 'fault'>> & {
  readonly generation: number;
  readonly fault?: Omit<ProjectionFault, 'position'> & { readonly position?: string | null };
};

const faultIn = (doc: JsonObject): SharedFault => {
  const { generation, fault, parked = 0 } = doc as unknown as StoredFault;
  if (fault === undefined) return { generation, fault, parked };
  // One of before positions were said has none.
  const position = typeof fault.position === 'string' ? BigInt(fault.position) : null;
  return { generation, fault: { ...fault, position }, parked };
};

/** How projections fare, by name, as the node that folds them has said. Rejects as the store does. */
export const readFaults = async (
  readModels: ReadModels,
  names: readonly string[],
): Promise<ReadonlyMap<string, SharedFault>> => {
  const stored = await readModels.load(COLLECTION, names);
  return new Map(
    [...stored].flatMap(([name, { doc }]) => ('generation' in doc ? [[name, faultIn(doc)] as const] : [])),
  );
};

/** Lets the others know which projections are stopped, which go on, and what they pass over. Answers whether it was in time; rejects as the store does. */
export const writeFaults = async (
  readModels: ReadModels,
  all: readonly ProjectionStatus[],
): Promise<boolean> => {
  const stored = await readModels.load(
    COLLECTION,
    all.map(({ name }) => name),
  );
  const writes = all.flatMap((status): readonly DocumentWrite[] => {
    const before = stored.get(status.name);
    const doc = docOf(status);
    if (JSON.stringify(doc) === JSON.stringify(before?.doc ?? {})) return [];
    return [{ key: status.name, doc, position: (before?.position ?? 0n) + 1n, expected: before?.position }];
  });
  if (writes.length === 0) return true;
  await readModels.prepare(COLLECTION, []);
  return (await readModels.write(COLLECTION, writes)).length === 0;
};
