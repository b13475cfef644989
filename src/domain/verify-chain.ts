import { commitHash, leafHash, NO_STREAM, resealed, type StreamHead } from './chain.ts';
import type { Commit, RecordedEvent } from './event.ts';

/** Whether a stream is what was written, and if not, where that shows first. */
export type ChainVerdict =
  | { readonly ok: true; readonly head: StreamHead }
  | { readonly ok: false; readonly revision: number; readonly problem: string };

const sameCommit = (a: Commit, b: Commit): boolean =>
  a === b ||
  (a.revision === b.revision &&
    a.size === b.size &&
    a.previous === b.previous &&
    a.hash === b.hash &&
    JSON.stringify(a.metadata) === JSON.stringify(b.metadata));

const misplaced = (stream: string, event: RecordedEvent, revision: number): string | undefined => {
  if (event.stream !== stream) return `Expected an event of ${stream}, but found one of ${event.stream}.`;
  if (event.revision === revision) return undefined;
  return `Expected the event at revision ${revision}, but found the one at ${event.revision}.`;
};

const badCommit = (
  stream: string,
  head: StreamHead,
  commit: Commit,
  leaves: readonly string[],
): string | undefined => {
  if (commit.previous !== head.hash) {
    return `Expected a commit behind "${head.hash}", but it says that it is behind "${commit.previous}".`;
  }
  const hash = commitHash(head.hash, stream, commit.revision, leaves, JSON.stringify(commit.metadata));
  if (hash === commit.hash) return undefined;
  return `Expected the commit's hash to be "${hash}", but it is "${commit.hash}".`;
};

/**
 * Recomputes the hash chain of a stream from its events, in order and from the first one, or from
 * behind a `head` that was verified before. It cannot know of commits missing at the very end:
 * compare the head that it answers with one kept elsewhere.
 */
export const verifyChain = (
  stream: string,
  events: Iterable<RecordedEvent>,
  after: StreamHead = NO_STREAM,
): ChainVerdict => {
  let head = after;
  let current: Commit | undefined;
  let leaves: string[] = [];
  for (const event of events) {
    const revision = head.revision + 1 + leaves.length;
    const fail = (problem: string): ChainVerdict => ({ ok: false, revision, problem });
    const elsewhere = misplaced(stream, event, revision);
    if (elsewhere !== undefined) return fail(elsewhere);
    current ??= event.commit;
    if (current.revision !== head.revision + 1) {
      return fail(`Expected a commit that begins here, but it begins at revision ${current.revision}.`);
    }
    if (!sameCommit(current, event.commit)) {
      return fail(`Expected an event of the commit at revision ${current.revision}, but it is of another.`);
    }
    leaves.push(leafHash(resealed(event)));
    if (leaves.length < current.size) continue;
    const problem = badCommit(stream, head, current, leaves);
    if (problem !== undefined) return { ok: false, revision: current.revision, problem };
    head = { revision, hash: current.hash };
    current = undefined;
    leaves = [];
  }
  if (current === undefined) return { ok: true, head };
  return {
    ok: false,
    revision: head.revision + 1 + leaves.length,
    problem: `Expected a commit of ${current.size} events, but only ${leaves.length} are there.`,
  };
};
