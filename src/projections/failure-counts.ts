/** How often things failed with one type of error, and the last execution in which they did. */
export type FailureCount = {
  readonly errorType: string;
  readonly count: number;
  readonly executionId: string;
  /** Revision of the event that says so. */
  readonly revision: number;
  /** Ms since the Unix epoch. */
  readonly at: number;
};

/** Types that are told apart in one document: what users' code throws may be of any number of them. */
const MOST = 100;

/** Types that are told apart when documents are merged. */
const MOST_MERGED = 200;

/** The type that all are counted under for which there is no room. */
export const OTHER_TYPES = '';

const isLater = (one: FailureCount, other: FailureCount): boolean =>
  one.at > other.at ||
  (one.at === other.at &&
    (one.executionId > other.executionId ||
      (one.executionId === other.executionId && one.revision > other.revision)));

/** With one failure more. */
export const withFailure = (
  counts: readonly FailureCount[],
  last: Omit<FailureCount, 'count'>,
): readonly FailureCount[] => {
  const placeOf = (type: string): number => counts.findIndex(({ errorType }) => errorType === type);
  const known = placeOf(last.errorType);
  const isFull = known < 0 && counts.length >= MOST;
  const errorType = isFull ? OTHER_TYPES : last.errorType;
  const place = isFull ? placeOf(OTHER_TYPES) : known;
  if (place < 0) return [...counts, { ...last, errorType, count: 1 }];
  return counts.with(place, { ...last, errorType, count: (counts[place]?.count ?? 0) + 1 });
};

const byMost = (one: FailureCount, other: FailureCount): number =>
  other.count - one.count || (one.errorType < other.errorType ? -1 : 1);

const add = (merged: Map<string, FailureCount>, found: FailureCount, errorType = found.errorType): void => {
  const known = merged.get(errorType);
  const last = known === undefined || isLater(found, known) ? found : known;
  merged.set(errorType, { ...last, errorType, count: found.count + (known?.count ?? 0) });
};

/**
 * The failures of several documents together, the most frequent type first, with the last execution of each. Beyond the
 * 200 most frequent they are those that there is no room for: what is merged again and again has an end.
 */
export const mergeFailures = (all: readonly (readonly FailureCount[])[]): readonly FailureCount[] => {
  const merged = new Map<string, FailureCount>();
  for (const found of all.flat()) add(merged, found);
  if (merged.size > MOST_MERGED) {
    const named = [...merged.values()].filter(({ errorType }) => errorType !== OTHER_TYPES).sort(byMost);
    for (const found of named.slice(MOST_MERGED)) {
      merged.delete(found.errorType);
      add(merged, found, OTHER_TYPES);
    }
  }
  return [...merged.values()].sort(byMost);
};
