import type { Definitions } from './commands/definitions.ts';
import type { Emissions } from './commands/emissions.ts';
import type { Executions } from './commands/executions.ts';
import type { SettledEvents } from './commands/settled-events.ts';
import { createEmissionMark } from './engine/emissions/emission-mark.ts';
import { keepMark } from './engine/emissions/keep-mark.ts';
import { readEmissions } from './engine/emissions/read-emissions.ts';
import { startLeft } from './engine/emissions/start-left.ts';
import { watchEmissions } from './engine/emissions/watch-emissions.ts';
import { createPool } from './engine/pool.ts';
import { persistently, type Persistence } from './persistently.ts';
import { START } from './ports/event-log.ts';
import type { Stores } from './stores.ts';

/** Events at a time whose executions are started. */
const AT_ONCE = 32;
/** How far the log may go on without an event from outside until it is stored that a start need not look there. */
export const FAR = 100_000n;

/** What `settleEmissions` needs. */
export interface SettlingOptions extends Pick<Stores, 'log' | 'readModels' | 'projector' | 'ownership'> {
  readonly definitions: Pick<Definitions, 'get'>;
  readonly executions: Pick<Executions, 'start'>;
  readonly emissions: Pick<Emissions, 'claim' | 'gatherings'>;
  /** What this process knows of the events that it accepts. */
  readonly settled: SettledEvents;
  readonly patience: Persistence;
}

/** Sees to it that every event that was accepted starts what it starts, whatever ended the process that accepted it. */
export interface Settling {
  /**
   * To be called before this process accepts an event. The answer starts what earlier processes did not come to, or,
   * where nodes share the log, has it looked after from then on. Both reject as the stores do.
   */
  prepare(): Promise<() => Promise<void>>;
  /** An event has started what it starts. */
  moved(): void;
  /** Starts nothing more; resolves when nothing of it is under way. */
  stop(): Promise<void>;
  /** Stores how far everything is settled. */
  close(): Promise<void>;
}

/** Settles what was accepted on a log that may be shared. */
export const settleEmissions = (options: SettlingOptions): Settling => {
  const { log, readModels, projector, ownership, settled, patience } = options;
  const { clock, logger } = patience;
  const mark = createEmissionMark(readModels);
  const starting = { ...options, logger };
  let known = false;
  let stopped = false;
  let watch: ReturnType<typeof watchEmissions> | undefined;
  // Until the log was looked through nothing is settled.
  const looked = settled.open(START);

  const position = (): bigint | undefined => {
    if (!known) return undefined;
    return ownership === undefined ? settled.position : ownership.emissions.settled;
  };
  const keeper = keepMark({ mark, clock, logger, position });
  let stored = START;
  const letGo = projector.onProgress((progress) => {
    for (const { position } of progress) settled.reach(position);
    const now = position();
    if (now === undefined || now - stored < FAR) return;
    stored = now;
    keeper.moved();
  });

  const settleAlone = async (after: bigint, end: bigint): Promise<void> => {
    const open = (await readEmissions(log, after, end)).list().filter(({ position }) => position <= end);
    const pool = createPool(AT_ONCE);
    await Promise.all(
      open.map((emission) =>
        pool(async () => {
          if (!(await startLeft(starting, emission))) settled.open(emission.after);
        }),
      ),
    );
    settled.reach(end);
    known = true;
    looked();
  };

  return {
    prepare: async () => {
      const end = await persistently(patience, () => log.end());
      const after = await persistently(patience, () => mark.read(end));
      return async () => {
        if (known) return;
        if (ownership === undefined) return settleAlone(after, end);
        ownership.emissions.adopt(await readEmissions(log, after, end));
        known = true;
        // Else a process that is lost before it accepts anything would leave all of it to be looked through again.
        keeper.moved();
        if (stopped) return;
        watch = watchEmissions({ ...starting, clock, open: ownership.emissions, owned: ownership });
      };
    },
    moved: keeper.moved,
    stop: async () => {
      stopped = true;
      await watch?.close();
    },
    close: async () => {
      letGo();
      await keeper.close();
    },
  };
};
