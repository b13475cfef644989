import type { JsonObject } from '../../src/domain/json.ts';
import type {
  Condition,
  DocumentQuery,
  Look,
  Looked,
  Scalar,
  StoredDocument,
} from '../../src/ports/read-models.ts';

const rank = (value: Scalar): number => (value === null ? 0 : typeof value === 'number' ? 1 : 2);

/** Which of two values is first: null, numbers, strings by UTF-8 bytes. */
export const compareScalars = (a: Scalar, b: Scalar): number => {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return rank(a) - rank(b);
};

/** What a document is filtered and sorted by; what is no scalar counts as null. */
export const scalarOf = (doc: JsonObject, field: string): Scalar => {
  const value = Object.hasOwn(doc, field) ? doc[field] : null;
  return typeof value === 'string' || typeof value === 'number' ? value : null;
};

const textsOf = (doc: JsonObject, field: string): readonly string[] => {
  const value = Object.hasOwn(doc, field) ? doc[field] : null;
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
};

const isMet = (doc: JsonObject, condition: Condition): boolean => {
  if (condition.op === 'has')
    return textsOf(doc, condition.field).some((text) => condition.values.includes(text));
  if (condition.op === 'hasWithin') {
    const { field, from, before } = condition;
    return textsOf(doc, field).some(
      (text) => compareScalars(text, from) >= 0 && compareScalars(text, before) < 0,
    );
  }
  const found = scalarOf(doc, condition.field);
  if (condition.op === 'in') return condition.values.some((value) => compareScalars(found, value) === 0);
  const difference = compareScalars(found, condition.value);
  if (condition.op === 'eq' || found === null || condition.value === null) {
    return difference === 0 && condition.op !== 'gt' && condition.op !== 'lt';
  }
  if (condition.op.startsWith('g')) return difference > 0 || (condition.op === 'gte' && difference === 0);
  return difference < 0 || (condition.op === 'lte' && difference === 0);
};

interface Place {
  readonly values: readonly Scalar[];
  readonly key: string;
}

const comparePlaces = (a: Place, b: Place, { orderBy = [] }: DocumentQuery): number => {
  const directions = [...orderBy.map(({ direction }) => direction), orderBy.at(-1)?.direction ?? 'asc'];
  for (const [index, direction] of directions.entries()) {
    const difference = compareScalars([...a.values, a.key][index]!, [...b.values, b.key][index]!);
    if (difference !== 0) return direction === 'asc' ? difference : -difference;
  }
  return 0;
};

/** Where a document stands in the order of a query. */
export const placeIn = ({ orderBy = [] }: DocumentQuery, { key, doc }: StoredDocument): Place => ({
  values: orderBy.map(({ field }) => scalarOf(doc, field)),
  key,
});

/** What a query must answer, found the plain way. */
export const answerOf = (all: readonly StoredDocument[], query: DocumentQuery): readonly StoredDocument[] => {
  const { where = [], after, limit } = query;
  return all
    .filter(({ doc }) => where.every((condition) => isMet(doc, condition)))
    .filter((one) => after === undefined || comparePlaces(placeIn(query, one), after, query) > 0)
    .toSorted((a, b) => comparePlaces(placeIn(query, a), placeIn(query, b), query))
    .slice(0, limit);
};

/** What a look must find, and where it ends, found the plain way. */
export const lookedOf = (
  all: readonly StoredDocument[],
  { where, orderBy, after, meeting, most, limit }: Look,
): Looked => {
  const along = { where, orderBy, ...(after === undefined ? {} : { after }) };
  const whole = answerOf(all, { ...along, limit: all.length });
  const looked = whole.slice(0, most);
  const found = looked
    .filter(({ doc }) => meeting.every((condition) => isMet(doc, condition)))
    .slice(0, limit);
  if (found.length === limit) return { found, last: found.at(-1) };
  return { found, last: whole.length < most ? undefined : looked.at(-1) };
};
