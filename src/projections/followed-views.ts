import type { Clock } from '../ports/clock.ts';
import { START, type EventLog } from '../ports/event-log.ts';
import type { ProjectionRecord, ReadModels } from '../ports/read-models.ts';
import { readViews } from './generations.ts';
import { isOutage } from './patience.ts';
import { faultOf } from './projection-failure.ts';
import type { ProjectionProgress, ProjectionStatus } from './projector.ts';

/** How far views are that another node folds. */
export interface FollowedViews {
  /** Reads the records again; answers what has changed in them. Never rejects: status shows what went wrong. */
  look(): Promise<readonly ProjectionProgress[]>;
  /** Takes what this node has folded itself. */
  take(progress: readonly ProjectionProgress[]): void;
  /** Everything up to here is in the live documents. */
  positionOf(name: string): bigint;
  /** Whether this node has seen it stop. */
  isStopped(name: string): boolean;
  status(names: readonly string[]): Promise<readonly ProjectionStatus[]>;
}

interface Known extends Pick<ProjectionProgress, 'generation' | 'position' | 'state'> {
  readonly version: number;
  /** When it got there, ms since the Unix epoch. */
  readonly at: number;
}

/** Views of which nothing was read yet. */
export const followViews = (log: EventLog, readModels: ReadModels, clock: Clock): FollowedViews => {
  const known = new Map<string, Known>();
  let outage: Error | undefined;

  const isNews = ({ name, generation, position }: ProjectionRecord): boolean => {
    const before = known.get(name);
    return before?.generation !== generation || before.position !== position || before.state !== 'running';
  };

  const logEnd = async (): Promise<bigint | undefined> => {
    try {
      return await log.end();
    } catch (error) {
      if (!isOutage(error)) throw error;
      return undefined;
    }
  };

  const statusOf = (name: string, end: bigint | undefined): ProjectionStatus => {
    const { version, generation, position, at } = known.get(name) ?? {
      version: 0,
      generation: 0,
      position: START,
      at: clock.now(),
    };
    const isBehind = end !== undefined && position < end;
    return {
      name,
      version,
      generation,
      position,
      state: outage !== undefined || end === undefined ? 'waiting' : isBehind ? 'catching_up' : 'running',
      lagSeconds: end === undefined ? null : isBehind ? Math.max(0, clock.now() - at) / 1_000 : 0,
      lagEvents: isBehind || end === undefined ? null : 0,
      rate: 0,
      rebuild: null,
      lastError: outage === undefined ? null : faultOf(outage),
    };
  };

  return {
    look: async () => {
      try {
        const news = (await readViews(readModels)).filter(isNews);
        outage = undefined;
        const at = clock.now();
        for (const { name, version, generation, position } of news)
          known.set(name, { version, generation, position, state: 'running', at });
        return news.map(({ name, generation, position }) => {
          // Which documents are other than before only the node knows that folded them.
          return { name, generation, position, state: 'running', changed: undefined };
        });
      } catch (error) {
        // Whatever it is may pass, and nobody else would look again.
        outage = error instanceof Error ? error : new Error(String(error));
        return [];
      }
    },
    take: (progress) => {
      const at = clock.now();
      for (const { name, generation, position, state } of progress)
        known.set(name, { version: known.get(name)?.version ?? 0, generation, position, state, at });
    },
    positionOf: (name) => known.get(name)?.position ?? START,
    isStopped: (name) => known.get(name)?.state === 'stopped',
    status: async (names) => {
      const end = await logEnd();
      return names.map((name) => statusOf(name, end));
    },
  };
};
