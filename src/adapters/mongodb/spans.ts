import { textsIn } from '../../ports/read-models-lists.ts';
import type { Condition, DocumentQuery, StoredDocument } from '../../ports/read-models.ts';

type Span = Extract<Condition, { readonly op: 'hasWithin' }>;

const spansOf = ({ where = [] }: Pick<DocumentQuery, 'where'>): readonly Span[] =>
  where.filter((condition) => condition.op === 'hasWithin');

/** Whether a query asks for a text of a span. */
export const hasSpans = (query: Pick<DocumentQuery, 'where'>): boolean => spansOf(query).length > 0;

const isLess = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

const isWithin = ({ doc }: StoredDocument, { field, from, before }: Span): boolean =>
  textsIn(doc[field]).some((text) => !isLess(text, from) && isLess(text, before));

/**
 * The first that have a text within each of the spans, as many as are wanted. MongoDB gives no others, but FerretDB 1 holds
 * each end of a span against any of the texts.
 */
export const firstWithin = async (
  found: AsyncIterable<StoredDocument>,
  query: DocumentQuery,
): Promise<readonly StoredDocument[]> => {
  const spans = spansOf(query);
  const all: StoredDocument[] = [];
  for await (const one of found) {
    if (spans.every((span) => isWithin(one, span))) all.push(one);
    if (all.length >= query.limit) break;
  }
  return all;
};
