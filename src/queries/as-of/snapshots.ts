import type { DocumentQuery, ReadModels, StoredDocument } from '../../ports/read-models.ts';
import type { ExecutionDocument } from '../../projections/execution-document.ts';
import { executions } from '../../projections/executions.projection.ts';
import type { TimelineDocument } from '../../projections/timeline-document.ts';
import { timeline } from '../../projections/timeline.projection.ts';
import { atOneTime } from '../at-one-time.ts';
import { ifAnswered } from './if-answered.ts';
import type { Past } from './past.ts';

/** Pasts of long executions, kept so that what comes behind them can be folded on from there. A cache: without it answers are the same. */
export interface Snapshots {
  /** The latest one of an execution up to a revision; none while the store does not answer. */
  before(id: string, revision: number): Promise<Past | undefined>;
  /** Keeps some; what cannot be kept is not. */
  keep(id: string, pasts: readonly Past[]): Promise<void>;
}

/** The collection that they are kept in. */
export const SNAPSHOTS = 'snapshots';

// What is kept by projections of another version is not used; it is written over when it is due again.
const VERSION = `1:${executions.version}:${timeline.version}`;

const INDEX = { fields: ['execution', 'version', 'revision'] };

type Entry = {
  readonly key: string;
  readonly position: string;
  readonly doc: TimelineDocument;
};

/** A past as it is kept. */
type SnapshotDocument = {
  readonly execution: string;
  readonly version: string;
  readonly revision: number;
  readonly event: string;
  readonly document: ExecutionDocument | null;
  readonly documentAt: string;
  readonly setAt: readonly (readonly [name: string, revision: number])[];
  readonly entries: readonly Entry[];
};

const kept = (id: string, { revision, event, execution, setAt, entries }: Past): SnapshotDocument => ({
  execution: id,
  version: VERSION,
  revision,
  event,
  document: execution?.doc ?? null,
  documentAt: String(execution?.position ?? 0n),
  setAt: [...setAt],
  entries: [...entries.values()].map(({ key, position, doc }) => ({ key, position: String(position), doc })),
});

const pastOf = ({ position, doc }: StoredDocument<SnapshotDocument>): Past => ({
  revision: doc.revision,
  position,
  event: doc.event,
  execution:
    doc.document === null
      ? undefined
      : { key: doc.execution, doc: doc.document, position: BigInt(doc.documentAt) },
  setAt: new Map(doc.setAt),
  entries: new Map(
    doc.entries.map((entry) => [entry.key, { ...entry, position: BigInt(entry.position) }] as const),
  ),
});

/** Keeps snapshots among the views, in a collection of their own. */
export const createSnapshots = (readModels: ReadModels): Snapshots => {
  // Many executions of one answer want theirs at once.
  const find = atOneTime((name: string, queries: readonly DocumentQuery[]) =>
    readModels.findEach(name, queries),
  );

  const write = async (id: string, pasts: readonly Past[]): Promise<void> => {
    // Each time: they may be removed while the server runs.
    await readModels.prepare(SNAPSHOTS, [INDEX]);
    const keyed = pasts.map((past) => ({ key: `${id}:${past.revision}`, past }));
    const found = await readModels.load(
      SNAPSHOTS,
      keyed.map(({ key }) => key),
    );
    // Who else folds the same writes the same.
    await readModels.write(
      SNAPSHOTS,
      keyed.map(({ key, past }) => ({
        key,
        doc: kept(id, past),
        position: past.position,
        expected: found.get(key)?.position,
      })),
    );
  };

  return {
    before: (id, revision) =>
      ifAnswered(async () => {
        const [found] = await find(SNAPSHOTS, {
          where: [
            { field: 'execution', op: 'eq', value: id },
            { field: 'version', op: 'eq', value: VERSION },
            { field: 'revision', op: 'lte', value: revision },
          ],
          orderBy: [{ field: 'revision', direction: 'desc' }],
          limit: 1,
        });
        return found && pastOf(found as StoredDocument<SnapshotDocument>);
      }),
    keep: async (id, pasts) => {
      if (pasts.length > 0) await ifAnswered(() => write(id, pasts));
    },
  };
};
