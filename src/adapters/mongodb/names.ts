/** The database of a URL that names none. */
const DATABASE = 'sagalog';

/** Keeps the projections' records. No view's collection can have a dot in its name, so it is nobody else's. */
export const RECORDS = 'sagalog.projections';

/** The database that a connection string names. */
export const databaseOf = (url: string): string => {
  const name = /^[^:]+:\/\/[^/?]+\/([^?]+)/.exec(url)?.[1];
  return name === undefined ? DATABASE : decodeURIComponent(name);
};

/** Where a document's field is kept for filters and sorts. */
export const pathOf = (field: string): string => `fields.${field}`;

/** Where the texts of a document's list are kept for filters. */
export const listPathOf = (field: string): string => `lists.${field}`;

// Those that a query may ask for. Others may have dots or dollars in them, which mean something to MongoDB.
const QUERIED = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** Whether a query can ask for a field of this name. */
export const isQueried = (field: string): boolean => QUERIED.test(field);
