import type { SealedCommit } from '../domain/chain.ts';
import { Rejection } from '../domain/rejection.ts';
import type { Clock } from '../ports/clock.ts';
import { CommitTooLarge, LogUnavailable, type Appended, type EventLog } from '../ports/event-log.ts';
import { wait } from '../ports/wait.ts';

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;

/** Asks the log however long it is away. Rejects with `LogUnavailable` once it is `over`. */
export const whenAvailable = async <T>(
  clock: Clock,
  over: AbortSignal,
  ask: () => Promise<T>,
): Promise<T> => {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof LogUnavailable) || over.aborted) throw error;
    }
    await wait(clock, pause, over);
  }
};

/**
 * Appends a commit however long the log is away: an execution does not go past an event that is not durable.
 * Rejects with what the log says of the commit itself, and with `LogUnavailable` once it is `over`.
 */
export const appendPatiently = (
  log: EventLog,
  clock: Clock,
  commit: SealedCommit,
  over: AbortSignal,
): Promise<Appended> => whenAvailable(clock, over, () => log.append(commit));

/** What whoever asked for a commit that the store cannot take is told. */
export const tooLarge = (error: CommitTooLarge): Rejection =>
  new Rejection('PAYLOAD_TOO_LARGE', error.message, { field: 'payload', expected: error.limit });

/** Appends a commit of which nothing can be left out, as `appendPatiently` does. Rejects with `PAYLOAD_TOO_LARGE` when the store cannot take it. */
export const appendWhole = async (...given: Parameters<typeof appendPatiently>): Promise<Appended> => {
  try {
    return await appendPatiently(...given);
  } catch (error) {
    throw error instanceof CommitTooLarge ? tooLarge(error) : error;
  }
};

/** Refuses a commit with an event whose payload is over the limit (bytes of UTF-8). Throws `PAYLOAD_TOO_LARGE`. */
export const checkSize = (commit: SealedCommit, limit: number): void => {
  for (const { type, payload } of commit.events) {
    if (payload === undefined || payload.length * 3 <= limit) continue;
    const size = Buffer.byteLength(payload);
    if (size <= limit) continue;
    throw new Rejection(
      'PAYLOAD_TOO_LARGE',
      `Expected a payload of at most ${limit} bytes, but that of ${type} has ${size}.`,
      { field: 'payload', found: size, expected: limit },
    );
  }
};
