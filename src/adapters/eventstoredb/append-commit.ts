import { MaxAppendSizeExceededError, NO_STREAM, WrongExpectedVersionError } from '@eventstore/db-client';
import type { SealedCommit } from '../../domain/chain.ts';
import { CommitTooLarge, LogCorrupt, WrongExpectedRevision, type Appended } from '../../ports/event-log.ts';
import { callPatiently, type Bounded } from './call-patiently.ts';
import { isAnswer } from './client-errors.ts';
import type { Connection } from './connection.ts';
import { isOurStream, storedCommit } from './stored-commit.ts';
import { within } from './waiting.ts';

/** What appends need. */
export interface AppendOptions extends Bounded {
  /** How long to wait for one answer, ms. */
  readonly timeout: number;
}

const sizeOf = (commit: SealedCommit): number =>
  Buffer.byteLength(commit.metadata) +
  commit.events.reduce((sum, { facts, payload }) => sum + Buffer.byteLength(facts + (payload ?? '')), 0);

const check = (commit: SealedCommit): void => {
  // Subscriptions would never bring it.
  if (!isOurStream(commit.stream)) {
    throw new RangeError(`Expected a commit to a stream of ours, but it is to "${commit.stream}".`);
  }
  // The server answers an append of nothing as if it had written something.
  if (commit.events.length === 0) {
    throw new RangeError(`Expected a commit to ${commit.stream} to have an event, but it has none.`);
  }
  if (commit.events.some(({ type }) => type === '')) {
    throw new RangeError(
      `Expected every event of a commit to ${commit.stream} to have a type, but one has none.`,
    );
  }
};

const refused = (commit: SealedCommit, error: unknown): unknown => {
  if (error instanceof WrongExpectedVersionError) {
    const actual = typeof error.actualVersion === 'bigint' ? Number(error.actualVersion) : -1;
    return new WrongExpectedRevision(commit.stream, commit.revision - 1, actual);
  }
  if (error instanceof MaxAppendSizeExceededError) {
    return new CommitTooLarge(commit.stream, sizeOf(commit), error.maxAppendSize);
  }
  return error;
};

/**
 * Appends a commit. When no answer comes the same append is made again on another client: it carries the same ids
 * and expects the same revision, so the server adds nothing and answers as it would have.
 */
export const appendCommit = async (
  connection: Connection,
  options: AppendOptions,
  commit: SealedCommit,
): Promise<Appended> => {
  check(commit);
  const events = storedCommit(commit);
  const expectedRevision = commit.revision === 0 ? NO_STREAM : BigInt(commit.revision - 1);
  try {
    const { position } = await callPatiently(connection, options, async ({ client, lost, appends }) => {
      await appends.enter();
      lost.throwIfAborted();
      try {
        const append = client.appendToStream(commit.stream, events, { expectedRevision });
        const answer = await within(options.clock, options.timeout, 'an answer to an append', append);
        appends.leave();
        return answer;
      } catch (error) {
        // Otherwise nobody may follow: the client is about to be given up.
        if (isAnswer(error)) appends.leave();
        throw error;
      }
    });
    if (!position)
      throw new LogCorrupt(`Expected a position for a commit to ${commit.stream}, but got none.`);
    return { position: position.commit };
  } catch (error) {
    throw refused(commit, error);
  }
};
