import { streamOf } from '../../domain/stream.ts';
import { LogUnavailable } from '../../ports/event-log.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { Owned } from '../owned.ts';
import type { OpenEmission, OpenEmissions } from './open-emissions.ts';
import { startLeft, type StartingLeft } from './start-left.ts';

/** Milliseconds between two looks. */
const LOOK = 1_000;
/** Looks after which the node that accepted an event is not waited for any more. */
const MOST_LOOKS = 10;
/** Milliseconds after which it is not either: what was accepted before a start has waited enough. */
const OVERDUE = LOOK * MOST_LOOKS;

/** What `watchEmissions` needs. */
export interface WatchOptions extends StartingLeft {
  readonly clock: Clock;
  readonly open: OpenEmissions;
  readonly owned: Pick<Owned, 'holds'>;
}

/**
 * Starts what other nodes, or an earlier process, accepted events for and did not come to: the executions that this
 * node holds, once that has taken too long. Two that start one at the same time start it once. Resolves the answer's
 * `close` when nothing of it is under way.
 */
export const watchEmissions = (options: WatchOptions): { close(): Promise<void> } => {
  const { log, clock, open, owned, logger } = options;
  let closed = false;
  let timer: Timer | undefined;
  let looking = Promise.resolve();
  // They are told of once, and tried again by the next process.
  const failed = new Set<string>();

  // The clock of the node that accepted an event may be ahead of this one's by any time.
  let looks = new Map<string, number>();
  const count = (open: readonly OpenEmission[]): void => {
    looks = new Map(open.map(({ eventId }) => [eventId, (looks.get(eventId) ?? 0) + 1]));
  };

  const isDue = ({ eventId, at, left }: OpenEmission): boolean =>
    (clock.now() - at >= OVERDUE || (looks.get(eventId) ?? 0) > MOST_LOOKS) &&
    !failed.has(eventId) &&
    [...left].some(owned.holds);

  /** What a key had started before is in no event that is still to be seen. */
  const findShared = async ({ left, shared }: OpenEmission): Promise<void> => {
    for (const id of shared) {
      if (!left.has(id)) continue;
      if ((await log.read(streamOf('execution', id), { limit: 1 })).length > 0) open.started(id);
    }
  };

  const look = async (): Promise<void> => {
    for (const emission of open.list().filter(({ shared }) => shared.size > 0)) {
      if (closed) return;
      await findShared(emission);
    }
    count(open.list());
    for (const emission of open.list().filter(isDue)) {
      if (closed) return;
      if (!(await startLeft(options, emission, owned.holds))) failed.add(emission.eventId);
    }
  };

  const again = (): void => {
    if (closed) return;
    timer = clock.after(LOOK, () => {
      looking = look()
        .catch((error: unknown) => {
          if (error instanceof LogUnavailable) return;
          logger.error({ err: error }, 'What events were accepted for cannot be looked after; trying again.');
        })
        .finally(again);
    });
  };
  again();

  return {
    close: async () => {
      closed = true;
      timer?.cancel();
      await looking;
    },
  };
};
