import { systemEvent, type Expected, type ProposedEvent, type StoredEvent } from './event.ts';
import type { Log } from './log.ts';
import { isSoftDeleted, isTombstoned, metadataOf, SOFT_DELETE } from './stream-metadata.ts';

/** What became of an append or a delete. */
export type Outcome =
  | { readonly kind: 'done'; readonly revision: number; readonly position: number; readonly wrote: boolean }
  | { readonly kind: 'wrong'; readonly actual: number }
  | { readonly kind: 'deleted' };

const repeated = (event: StoredEvent): Outcome => ({
  kind: 'done',
  revision: event.revision,
  position: event.position,
  wrote: false,
});

/** Without a revision to compare, only the ids tell a repeat: all of them known in this stream. */
const checkIds = (log: Log, stream: string, ids: readonly string[]): Outcome | 'write' => {
  const [first, ...rest] = ids.map((id) => log.byId(id));
  if (first?.stream !== stream) return 'write';
  const last = rest.at(-1) ?? first;
  return rest.every((event) => event?.stream === stream)
    ? repeated(last)
    : { kind: 'wrong', actual: log.last(stream) };
};

/** Behind the stream's end, only the very same events at the very same place are a repeat. */
const checkPlace = (log: Log, stream: string, after: number, ids: readonly string[]): Outcome | 'write' => {
  const there = log.stream(stream).slice(after + 1, after + 1 + ids.length);
  const last = there.at(-1);
  if (last && there.length === ids.length && there.every(({ id }, index) => id === ids[index])) {
    return repeated(last);
  }
  if (after === -1 && there[0]?.id !== ids[0] && isSoftDeleted(log, stream)) return 'write';
  return { kind: 'wrong', actual: log.last(stream) };
};

const check = (log: Log, stream: string, expected: Expected, ids: readonly string[]): Outcome | 'write' => {
  if (isTombstoned(log, stream)) return { kind: 'deleted' };
  const actual = log.last(stream);
  if (expected === 'stream_exists') {
    if (isSoftDeleted(log, stream)) return { kind: 'deleted' };
    if (actual < 0 && log.last(`$$${stream}`) < 0) return { kind: 'wrong', actual };
  }
  if (expected === 'any' || expected === 'stream_exists') return checkIds(log, stream, ids);
  const revision = expected === 'no_stream' ? -1 : expected;
  if (revision > actual) return { kind: 'wrong', actual };
  return revision === actual ? 'write' : checkPlace(log, stream, revision, ids);
};

/** Appends all or nothing if the stream ends as expected; a repeat answers as the original did. */
export const appendEvents = (
  log: Log,
  stream: string,
  expected: Expected,
  events: readonly ProposedEvent[],
): Outcome => {
  const verdict = check(
    log,
    stream,
    expected,
    events.map(({ id }) => id),
  );
  if (verdict !== 'write') return verdict;
  const before = log.last(stream);
  if (events.length === 0) return { kind: 'done', revision: before, position: log.end, wrote: false };
  const revive = isSoftDeleted(log, stream);
  const last = log.write(stream, events);
  if (revive) {
    const metadata = { ...metadataOf(log, stream), $tb: before + 1 };
    log.write(`$$${stream}`, [systemEvent('$metadata', JSON.stringify(metadata))]);
  }
  return { kind: 'done', revision: last.revision, position: last.position, wrote: true };
};

/** Hides a stream, or with `forever` closes it for good. */
export const deleteStream = (log: Log, stream: string, expected: Expected, forever: boolean): Outcome => {
  const verdict = check(log, stream, expected, [crypto.randomUUID()]);
  if (verdict !== 'write') return verdict;
  if (!forever && log.last(stream) < 0 && log.last(`$$${stream}`) < 0) return { kind: 'wrong', actual: -1 };
  const last = forever
    ? log.write(stream, [systemEvent('$streamDeleted', '', false)])
    : log.write(`$$${stream}`, [systemEvent('$metadata', SOFT_DELETE)]);
  return { kind: 'done', revision: last.revision, position: last.position, wrote: true };
};
