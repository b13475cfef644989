import type { Clock } from '../ports/clock.ts';
import { START, type EventLog } from '../ports/event-log.ts';
import type { ProjectionRecord, ReadModels } from '../ports/read-models.ts';
import { readViews } from './generations.ts';
import { OutdatedView } from './outdated-view.ts';
import type { Projection } from './projection.ts';
import { faultOf } from './projection-failure.ts';
import type { ProjectionFault, ProjectionProgress, ProjectionStatus, RebuildStatus } from './projector.ts';
import { readNotes, type StoredNote, type UnfinishedRebuild } from './rebuild/notes.ts';
import { readFaults, type SharedFault } from './shared-faults.ts';

/** A projection, as far as those need to know it that do not fold it. */
export type Followed = Pick<Projection, 'name' | 'version'>;

/** How far views are that another node folds. */
export interface FollowedViews {
  /** Reads the records again; answers what has changed in them. Never rejects: status shows what went wrong. */
  look(): Promise<readonly ProjectionProgress[]>;
  /** Takes what this node has folded itself. */
  take(progress: readonly ProjectionProgress[]): void;
  /** Shows an error until the next look. */
  fail(error: unknown): void;
  /** Whether the last look saw something, and no documents that are newer than this node. */
  isFit(): boolean;
  /** Whether the last look saw documents that are newer than this node. */
  isOutdated(): boolean;
  /** Everything up to here is in the live documents; START while this node cannot read them. */
  positionOf(name: string): bigint;
  /** Why it is stopped, or cannot be read by this node. */
  faultOf(name: string): ProjectionFault | undefined;
  status(): Promise<readonly ProjectionStatus[]>;
}

interface Known extends Pick<ProjectionProgress, 'version' | 'generation' | 'position' | 'state'> {
  /** When it got there, ms since the Unix epoch. */
  readonly at: number;
  readonly fault: ProjectionFault | undefined;
  readonly parked: number;
}

const errorOf = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** Those that are under way, as far as is known: whoever swaps says so a moment later that it is over. */
const rebuildsIn = (
  notes: ReadonlyMap<string, StoredNote>,
  records: readonly ProjectionRecord[],
): ReadonlyMap<string, UnfinishedRebuild> =>
  new Map(
    [...notes].flatMap(
      ([
        name,
        {
          note: { rebuild },
        },
      ]) => {
        const live = records.find((record) => record.name === name)?.generation ?? 0;
        return rebuild === null || rebuild.generation <= live ? [] : [[name, rebuild] as const];
      },
    ),
  );

const rebuildOf = (
  { kind, paused, generation, position, events, maxShare, begunAt }: UnfinishedRebuild,
  end: bigint | null,
): RebuildStatus => ({
  kind,
  // What else is being done to them only the node knows that does it.
  phase: 'folding',
  paused,
  generation,
  position: BigInt(position),
  end,
  events,
  compared: 0,
  maxShare,
  begunAt,
  eta: null,
});

/** Views of which nothing was read yet. */
export const followViews = (
  log: EventLog,
  readModels: ReadModels,
  clock: Clock,
  projections: readonly Followed[],
): FollowedViews => {
  const known = new Map<string, Known>();
  const versions = new Map(projections.map(({ name, version }) => [name, version]));
  const names = [...versions.keys()];
  let rebuilds: ReadonlyMap<string, UnfinishedRebuild> = new Map();
  let hasLooked = false;
  let outage: Error | undefined;

  const isNewer = (name: string, version: number): boolean => version > (versions.get(name) ?? version);

  const knownOf = (record: ProjectionRecord, faults: ReadonlyMap<string, SharedFault>): Known => {
    const { name, version, generation, position } = record;
    const shared = faults.get(name);
    const fault = isNewer(name, version)
      ? faultOf(new OutdatedView({ name, version: versions.get(name) ?? 0 }, version))
      : shared?.generation === generation
        ? shared.fault
        : undefined;
    const state = fault === undefined ? 'running' : 'stopped';
    const { parked = 0 } = shared ?? {};
    return { version, generation, position, state, fault, parked, at: clock.now() };
  };

  const isNews = (name: string, { generation, position, state, fault, parked }: Known): boolean => {
    const before = known.get(name);
    return (
      before?.generation !== generation ||
      before.position !== position ||
      before.state !== state ||
      before.parked !== parked ||
      before.fault?.message !== fault?.message
    );
  };

  const logEnd = async (): Promise<bigint | Error> => {
    try {
      return await log.end();
    } catch (error) {
      return errorOf(error);
    }
  };

  const stateOf = (fault: unknown, error: Error | undefined, isBehind: boolean): Known['state'] => {
    if (fault !== undefined) return 'stopped';
    if (error !== undefined) return 'waiting';
    return isBehind ? 'catching_up' : 'running';
  };

  const statusOf = (name: string, end: bigint | Error): ProjectionStatus => {
    const { version, generation, position, at, fault, parked } = known.get(name) ?? {
      version: 0,
      generation: 0,
      position: START,
      at: clock.now(),
      fault: undefined,
      parked: 0,
    };
    const error = outage ?? (end instanceof Error ? end : undefined);
    const isBehind = !(end instanceof Error) && position < end;
    const isKnown = !(end instanceof Error);
    const rebuild = rebuilds.get(name);
    return {
      name,
      version,
      generation,
      position,
      state: rebuild !== undefined && error === undefined ? 'rebuilding' : stateOf(fault, error, isBehind),
      lagSeconds: isKnown ? (isBehind ? Math.max(0, clock.now() - at) / 1_000 : 0) : null,
      lagEvents: isKnown && !isBehind ? 0 : null,
      rate: 0,
      parked,
      rebuild: rebuild === undefined ? null : rebuildOf(rebuild, isKnown ? end : null),
      lastError: fault ?? (error === undefined ? null : faultOf(error)),
    };
  };

  const isOutdated = (): boolean => [...known].some(([name, { version }]) => isNewer(name, version));

  return {
    look: async () => {
      try {
        const [records, faults, notes] = await Promise.all([
          readViews(readModels),
          readFaults(readModels, names),
          readNotes(readModels, names),
        ]);
        rebuilds = rebuildsIn(notes, records);
        outage = undefined;
        hasLooked = true;
        return records.flatMap((record): readonly ProjectionProgress[] => {
          const { name } = record;
          const found = knownOf(record, faults);
          if (!isNews(name, found)) return [];
          known.set(name, found);
          const { version, generation, position, state } = found;
          // Which documents are other than before only the node knows that folded them.
          return [{ name, version, generation, position, state, changed: undefined }];
        });
      } catch (error) {
        // Whatever it is may pass, and nobody else would look again.
        outage = errorOf(error);
        return [];
      }
    },
    take: (progress) => {
      const at = clock.now();
      for (const { name, version, generation, position, state } of progress)
        known.set(name, {
          version,
          generation,
          position,
          state,
          at,
          fault: undefined,
          parked: known.get(name)?.parked ?? 0,
        });
    },
    fail: (error) => {
      outage = errorOf(error);
    },
    isFit: () => hasLooked && outage === undefined && !isOutdated(),
    isOutdated,
    positionOf: (name) => {
      const { version, position } = known.get(name) ?? { version: 0, position: START };
      return isNewer(name, version) ? START : position;
    },
    faultOf: (name) => known.get(name)?.fault,
    status: async () => {
      const end = await logEnd();
      return names.map((name) => statusOf(name, end));
    },
  };
};
