import type { StoredDocument } from '../ports/read-models.ts';

/** How documents become one for each key. */
export interface Merging<D, K, M> {
  /** What a document is merged under; `undefined` for one that is left out. */
  readonly keyOf: (doc: D) => K | undefined;
  /** Makes one of several, one at least; what was merged so far may be the first of them. */
  readonly merge: (parts: readonly (D | M)[]) => M;
}

/**
 * Merges documents as they are read, page after page: one page is held at a time beside what they become, however many
 * there are.
 */
export const mergePages = async <D, K, M>(
  pages: AsyncIterable<readonly StoredDocument<D>[]>,
  { keyOf, merge }: Merging<D, K, M>,
): Promise<ReadonlyMap<K, M>> => {
  const merged = new Map<K, M>();
  for await (const page of pages) {
    const found = Map.groupBy(
      page.map(({ doc }) => doc),
      keyOf,
    );
    for (const [key, docs] of found) {
      if (key === undefined) continue;
      const known = merged.get(key);
      merged.set(key, merge(known === undefined ? docs : [known, ...docs]));
    }
  }
  return merged;
};
