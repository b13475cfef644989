import type { CollectionIndex, DocumentQuery, DocumentWrite, Look, Which } from './read-models.ts';

const COLLECTION = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const FIELD = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** The name of a collection as it was given. Throws when it could mean anything else to a store. */
export const checkCollection = (name: string): string => {
  if (COLLECTION.test(name)) return name;
  throw new TypeError(
    `Expected a collection's name of letters, digits, _ and -, but found ${JSON.stringify(name)}.`,
  );
};

/** The name of a field as it was given. Throws when it could mean anything else to a store. */
export const checkField = (name: string): string => {
  if (FIELD.test(name)) return name;
  throw new TypeError(`Expected a field's name of letters, digits and _, but found ${JSON.stringify(name)}.`);
};

/** Throws unless every field of the indexes has a name that any store can take. */
export const checkIndexes = (indexes: readonly CollectionIndex[]): void => {
  for (const { fields, each } of indexes) {
    if (fields.length === 0) throw new TypeError('Expected an index of one field or more, but found none.');
    for (const field of fields) checkField(field);
    if (each === undefined) continue;
    checkField(each);
    if (fields.length > 1)
      throw new TypeError('Expected an index of a list to have one field, but found more.');
  }
  if (indexes.filter(({ each }) => each !== undefined).length > 1)
    throw new TypeError('Expected one index of a list at most, but found more.');
};

/** Throws unless every field that documents are named by has a name that any store can take. */
export const checkWhich = (which: Which): void => {
  if ('keyIn' in which) return;
  for (const { field } of which) checkField(field);
};

/** Throws unless a query's fields, limit and place to go on from fit together. */
export const checkQuery = ({ where = [], orderBy = [], after, anyOrder, limit }: DocumentQuery): void => {
  for (const { field } of [...where, ...orderBy]) checkField(field);
  if (!Number.isSafeInteger(limit) || limit < 0) {
    throw new RangeError(`Expected a limit that is a whole number, 0 or more, but found ${limit}.`);
  }
  if (anyOrder === true && (orderBy.length > 0 || after !== undefined))
    throw new TypeError('Expected no order where any will do, but found one, or a place in one.');
  if (after !== undefined && after.values.length !== orderBy.length) {
    throw new RangeError(
      `Expected a place in the order to have ${orderBy.length} values, but it has ${after.values.length}.`,
    );
  }
};

/** Throws unless a look's fields, numbers and place to go on from fit together. */
export const checkLook = ({ where, orderBy, after, meeting, most, limit }: Look): void => {
  checkQuery({ where: [...where, ...meeting], orderBy, ...(after === undefined ? {} : { after }), limit });
  if (!Number.isSafeInteger(most) || most < 1)
    throw new RangeError(`Expected to look at a whole number of documents, 1 or more, but found ${most}.`);
  if (limit < 1) throw new RangeError(`Expected to look for 1 document or more, but found ${limit}.`);
};

/**
 * Throws when a key is written twice, since which of the two would win is nothing to find out;
 * and when it is no Unicode, since stores would take it for another one.
 */
export const checkWrites = (writes: readonly DocumentWrite[]): void => {
  const keys = new Set<string>();
  for (const { key } of writes) {
    if (keys.has(key)) {
      throw new TypeError(`Expected each key once in a call, but found ${JSON.stringify(key)} twice.`);
    }
    if (!key.isWellFormed()) {
      throw new TypeError(`Expected a key to be Unicode, but found ${JSON.stringify(key)}.`);
    }
    keys.add(key);
  }
};
