import type { JsonObject } from '../domain/json.ts';
import type { DocumentWrite, ReadModels } from '../ports/read-models.ts';
import type { ProjectionFault, ProjectionStatus } from './projector.ts';

/** Why a generation of a projection is stopped, for those that do not fold it. */
export interface SharedFault {
  readonly generation: number;
  readonly fault: ProjectionFault;
}

// No projection is called like this: each would have a generation behind its name.
const COLLECTION = 'stopped-projections';

const docOf = ({ state, generation, lastError }: ProjectionStatus): JsonObject =>
  state === 'stopped' && lastError !== null
    ? { generation, fault: { ...lastError, position: lastError.position?.toString() ?? null } }
    : {};

const faultIn = (doc: JsonObject): SharedFault => {
  const { generation, fault } = doc as unknown as SharedFault;
  // One of before positions were said has none.
  const position = (fault.position ?? null) as string | null;
  return { generation, fault: { ...fault, position: position === null ? null : BigInt(position) } };
};

/** Why projections are stopped, by name, as the node that folds them has said. Rejects as the store does. */
export const readFaults = async (
  readModels: ReadModels,
  names: readonly string[],
): Promise<ReadonlyMap<string, SharedFault>> => {
  const stored = await readModels.load(COLLECTION, names);
  return new Map(
    [...stored].flatMap(([name, { doc }]) => ('fault' in doc ? [[name, faultIn(doc)] as const] : [])),
  );
};

/** Lets the others know which projections are stopped, and which go on. Answers whether it was in time; rejects as the store does. */
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
