import type { SealedCommit } from '../src/domain/chain.ts';
import { entityOf } from '../src/domain/stream.ts';
import type { EventLog } from '../src/ports/event-log.ts';
import type { ReadModels } from '../src/ports/read-models.ts';
import type { LiveCollections } from '../src/projections/live-collections.ts';
import type { Projector } from '../src/projections/projector.ts';

/** What is looked at, once it is open. */
export interface Looked {
  readonly readModels: ReadModels;
  readonly projector: Projector;
  readonly collections: LiveCollections;
}

/** Where a document of an execution is looked for. */
const VIEW = 'executions';
const PATIENCE = 60_000;

/** How long it takes from the acknowledgement of an append until the document that it changes can be read. */
export interface LagMeter {
  /** Puts itself around the log, to hear of acknowledgements. */
  readonly decorate: (log: EventLog) => EventLog;
  /** Looks at one of so many commits of executions from now on. */
  begin(looked: Looked, every: number): void;
  /** Milliseconds of each, once all have been seen. Rejects when a document did not hold what it should. */
  end(): Promise<readonly number[]>;
}

/** A meter that looks at nothing yet. */
export const createLagMeter = (): LagMeter => {
  let looked: Looked | undefined;
  let every = 1;
  let seen = 0;
  let lags: Promise<number>[] = [];

  const look = async (
    { readModels, projector, collections }: Looked,
    { stream }: SealedCommit,
    position: bigint,
  ): Promise<number> => {
    const from = performance.now();
    await projector.waitFor(position, [VIEW], PATIENCE);
    const key = entityOf(stream);
    const found = (await readModels.load(await collections.of(VIEW), [key])).get(key);
    const lag = performance.now() - from;
    if (found !== undefined && found.position >= position) return lag;
    throw new Error(
      `Expected a document of ${stream} at ${position}, but found ${found?.position ?? 'none'}.`,
    );
  };

  return {
    decorate: (log) => ({
      ...log,
      append: async (commit) => {
        const appended = await log.append(commit);
        if (looked === undefined || !commit.stream.startsWith('execution-')) return appended;
        seen += 1;
        if (seen % every === 0) {
          const lag = look(looked, commit, appended.position);
          // Whoever ends it hears of what went wrong.
          lag.catch(() => undefined);
          lags.push(lag);
        }
        return appended;
      },
    }),
    begin: (parts, oneOf) => {
      looked = parts;
      every = oneOf;
      seen = 0;
      lags = [];
    },
    end: () => {
      looked = undefined;
      return Promise.all(lags);
    },
  };
};
