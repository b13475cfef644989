import { createHash } from 'node:crypto';
import type { GraphQLError } from 'graphql';
import { apiError } from '../errors/api-error.ts';
import type { Documents } from './allowed-operations.ts';
import { createBoundedCache } from '../../domain/bounded-cache.ts';

/** What a request says of its document. */
export interface Asked {
  readonly query?: string | null | undefined;
  readonly extensions?: unknown;
}

/** The documents that can be named instead of being sent. */
export interface Operations {
  /** The document that is meant. Throws when it is not known, or not allowed. */
  documentOf(asked: Asked): string | undefined;
}

/** Characters of documents that are remembered by their hashes. */
const REMEMBERED = 1024 * 1024;

const HTTP = { spec: true, status: 400 };

// Clients look for these very messages: it is how they know that they have to send the document, too.
const notFound = (): GraphQLError =>
  apiError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', { http: HTTP });

const mismatch = (found: string, expected: string): GraphQLError =>
  apiError(
    'PERSISTED_QUERY_MISMATCH',
    `Expected the document whose SHA-256 is ${expected}, but found one with ${found}.`,
    { found, expected, http: HTTP },
  );

const notAllowed = (): GraphQLError =>
  apiError(
    'PERSISTED_QUERY_NOT_IN_LIST',
    'Expected one of the documents that this server is told to carry out, but it is another one.',
    { http: HTTP },
  );

const hashOf = (document: string): string => createHash('sha256').update(document).digest('hex');

/** What a document is known by, as clients say it. */
const idIn = (extensions: unknown): string | undefined => {
  const { persistedQuery } = { ...(extensions as { readonly persistedQuery?: unknown } | null) };
  const { sha256Hash } = { ...(persistedQuery as { readonly sha256Hash?: unknown } | null) };
  return typeof sha256Hash === 'string' ? sha256Hash : undefined;
};

/** Only the documents of a list, by their ids, their hashes or as they are. */
const listed = (allowed: Documents): Operations => {
  const known = new Map(allowed);
  for (const document of allowed.values()) known.set(hashOf(document), document);
  return {
    documentOf: ({ query, extensions }) => {
      const id = query == null || query === '' ? idIn(extensions) : hashOf(query);
      const document = id === undefined ? undefined : known.get(id);
      if (document === undefined) throw notAllowed();
      return document;
    },
  };
};

/** Any document, and by its hash one that was sent before with that hash. */
const remembered = (): Operations => {
  const known = createBoundedCache<string>(REMEMBERED, (_, document) => document.length);
  return {
    documentOf: ({ query, extensions }) => {
      const id = idIn(extensions);
      if (id === undefined) return query ?? undefined;
      if (query == null || query === '') {
        const document = known.get(id);
        if (document === undefined) throw notFound();
        return document;
      }
      const found = hashOf(query);
      if (found !== id) throw mismatch(found, id);
      known.set(id, query);
      return query;
    },
  };
};

/** Lets documents be named by their hashes; when some are listed, nothing else is carried out. */
export const createOperations = (allowed: Documents | undefined): Operations =>
  allowed === undefined ? remembered() : listed(allowed);
