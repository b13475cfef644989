import type { DocumentQuery, Scalar, StoredDocument } from '../../ports/read-models.ts';
import type { Connection } from './read-models-connection.ts';

/** What was found, and how many characters it is made of. */
export interface Found {
  readonly documents: readonly StoredDocument[];
  readonly length: number;
}

/** What was found lately in a file that is as it was then. */
export interface Answers {
  /** What is found by queries, in their order; those that were asked before are not looked for. */
  of(
    collection: string,
    queries: readonly DocumentQuery[],
    find: (missing: readonly DocumentQuery[]) => readonly Found[],
  ): readonly (readonly StoredDocument[])[];
}

/** Characters of documents that are kept: some hundreds of pages. */
const CHARACTERS = 8 * 1024 * 1024;

/** What JSON tells as something else is told apart by nothing. */
const isTold = (value: Scalar): boolean => typeof value !== 'number' || Number.isFinite(value);

const textOf = (collection: string, query: DocumentQuery): string | undefined => {
  for (const condition of query.where ?? []) {
    if ('value' in condition && !isTold(condition.value)) return undefined;
    if (condition.op === 'in' && !condition.values.every(isTold)) return undefined;
  }
  if (query.after?.values.every(isTold) === false) return undefined;
  return `${collection} ${JSON.stringify(query)}`;
};

/**
 * Keeps what was found for as long as nothing is written. SQLite knows whether another connection has committed anything,
 * of whichever thread or process, and the connection whether it has itself: to ask both takes a tenth of finding a page.
 */
export const createAnswers = (connection: Pick<Connection, 'version'>, characters = CHARACTERS): Answers => {
  const kept = new Map<string, readonly StoredDocument[]>();
  let length = 0;
  let version: string | undefined;

  const forget = (): void => {
    kept.clear();
    length = 0;
  };

  const keep = (text: string, { documents, length: added }: Found): void => {
    if (added > characters) return;
    // All at once: the next commit has it forgotten anyway.
    if (length + added > characters) forget();
    kept.set(text, documents);
    length += added;
  };

  return {
    of: (collection, queries, find) => {
      // What is found amid a commit that comes behind this is kept as of before it, and is looked for again.
      const now = connection.version();
      if (now !== version) forget();
      version = now;
      const texts = queries.map((query) => textOf(collection, query));
      const there = texts.map((text) => (text === undefined ? undefined : kept.get(text)));
      if (!there.includes(undefined)) return there as readonly (readonly StoredDocument[])[];
      const found = find(queries.filter((_, n) => there[n] === undefined)).values();
      return there.map((documents, n) => {
        if (documents !== undefined) return documents;
        const { value } = found.next() as { readonly value: Found };
        const text = texts[n];
        if (text !== undefined) keep(text, value);
        return value.documents;
      });
    },
  };
};
