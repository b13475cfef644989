/** An execution to look at when one asks what is behind the slow end: ids and places, nothing personal. */
export type Exemplar = {
  readonly executionId: string;
  /** Revision of the event that ended what was measured. */
  readonly revision: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly failed: boolean;
};

const MOST = 3;

const slower = (a: Exemplar, b: Exemplar): number =>
  b.duration - a.duration ||
  (a.executionId < b.executionId ? -1 : a.executionId > b.executionId ? 1 : a.revision - b.revision);

/** The slowest of all of these, the slowest first; the same whatever the order in which they come. */
export const slowest = (found: readonly Exemplar[]): readonly Exemplar[] =>
  found.toSorted(slower).slice(0, MOST);

/** The slowest when one more is known. */
export const withExemplar = (known: readonly Exemplar[], next: Exemplar): readonly Exemplar[] => {
  const last = known[MOST - 1];
  return last !== undefined && slower(last, next) < 0 ? known : slowest([...known, next]);
};
