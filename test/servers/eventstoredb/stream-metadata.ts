import type { Log } from './log.ts';

/** A stream's metadata, as far as it decides what is read. */
export interface StreamMetadata {
  readonly $maxCount?: number;
  /** Seconds. */
  readonly $maxAge?: number;
  /** First revision that is not hidden. */
  readonly $tb?: number;
}

/** What a soft delete writes: everything before the largest revision that there can be. */
export const SOFT_DELETE = '{"$tb":9223372036854775807}';
const HIDES_ALL = Number(2n ** 63n - 1n);

/** Metadata that was written last; empty when there is none or it cannot be read. */
export const metadataOf = (log: Log, stream: string): StreamMetadata => {
  const written = log.stream(`$$${stream}`).at(-1);
  if (written?.type !== '$metadata') return {};
  try {
    return JSON.parse(Buffer.from(written.data).toString()) as StreamMetadata;
  } catch {
    // The server takes whatever is written as metadata, and goes by what it can read.
    return {};
  }
};

/** Whether the stream was deleted for ever. */
export const isTombstoned = (log: Log, stream: string): boolean =>
  log.stream(stream).at(-1)?.type === '$streamDeleted';

/** Whether the stream is hidden until somebody appends to it. */
export const isSoftDeleted = (log: Log, stream: string): boolean =>
  (metadataOf(log, stream).$tb ?? 0) >= HIDES_ALL;

/** The first revision that a read shows; `undefined` when it answers that there is no such stream. */
export const firstReadable = (log: Log, stream: string): number | undefined => {
  const events = log.stream(stream);
  if (events.length === 0 || isSoftDeleted(log, stream)) return undefined;
  if (stream.startsWith('$$')) return events.length - 1;
  const { $maxCount, $maxAge, $tb = 0 } = metadataOf(log, stream);
  let first = $tb;
  if ($maxCount) first = Math.max(first, events.length - $maxCount);
  if ($maxAge) {
    const oldest = BigInt(Date.now() - $maxAge * 1_000) * 10_000n;
    const young = events.findIndex(({ created }) => created >= oldest);
    first = Math.max(first, young < 0 ? events.length : young);
  }
  return first;
};
