import type { Clock, Timer } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { EmissionMark } from './emission-mark.ts';

/** Milliseconds between two stores of the mark. */
const PAUSE = 1_000;
/** As many changes are not waited with. */
const MOST = 1_000;

/** Stores a mark as it moves. */
export interface MarkKeeper {
  /** It may have moved. */
  moved(): void;
  /** Stores it a last time. Never rejects. */
  close(): Promise<void>;
}

/** What `keepMark` needs. */
export interface MarkKeeperOptions {
  readonly mark: EmissionMark;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where it is now; `undefined` while that is not known. */
  readonly position: () => bigint | undefined;
}

/** Keeps a mark: stored once a second or every 1,000 moves at most, since losing some of it costs only time at the next start. */
export const keepMark = ({ mark, clock, logger, position }: MarkKeeperOptions): MarkKeeper => {
  let timer: Timer | undefined;
  let moves = 0;
  let saved: bigint | undefined;
  let saving: Promise<void> | undefined;
  let closed = false;

  const save = async (): Promise<void> => {
    const now = position();
    if (now === undefined || now === saved) return;
    try {
      await mark.save(now);
      saved = now;
    } catch (error) {
      // It is stored with the next move; until then a start has more to look through.
      logger.debug({ err: error }, 'How far accepted events are settled could not be stored.');
    }
  };

  const begin = (): void => {
    timer?.cancel();
    timer = undefined;
    if (closed || saving !== undefined) return;
    moves = 0;
    saving = save().finally(() => {
      saving = undefined;
      if (moves > 0) later();
    });
  };

  const later = (): void => {
    if (!closed) timer ??= clock.after(PAUSE, begin);
  };

  return {
    moved: () => {
      moves += 1;
      if (moves >= MOST) begin();
      else later();
    },
    close: async () => {
      closed = true;
      timer?.cancel();
      await saving;
      await save();
    },
  };
};
