import { DatabaseSync } from 'node:sqlite';
import { createConnection } from '../../../src/adapters/sqlite/read-models-connection.ts';
import { addFunctions } from '../../../src/adapters/sqlite/read-models-functions.ts';
import { selectOf } from '../../../src/adapters/sqlite/read-models-query.ts';
import { selectsOf } from '../../../src/adapters/sqlite/read-models-look.ts';
import type { Sql } from '../../../src/adapters/sqlite/read-models-sql.ts';
import { createTables } from '../../../src/adapters/sqlite/read-models-tables.ts';
import type { DocumentQuery, Look, ReadModels } from '../../../src/ports/read-models.ts';
import { PROJECTIONS } from '../../../src/projections/catalogue.ts';
import { createViews, type Views } from '../../../src/queries/views.ts';
import { isServed } from '../served-by-mongodb.ts';
import { newDocuments } from '../../conformance/read-models-samples.ts';
import { temporaryReadModels } from './temporary-read-models.ts';

/** A query, and the steps of its plan. */
export interface ExplainedQuery {
  readonly query: DocumentQuery;
  readonly steps: readonly string[];
}

/** Read models with the catalogue's collections, every query of which is explained. */
export interface Explained {
  readonly views: Views;
  readonly readModels: ReadModels;
  /** Steps of the plans of the queries that were made of a view, as SQLite says them. */
  plansOf(view: string): readonly string[];
  /** The queries that were made of a view since they were forgotten, each with its plan. */
  queriesOf(view: string): readonly ExplainedQuery[];
  forget(): void;
  close(): Promise<void>;
}

const asked = ({ where = [], orderBy = [] }: DocumentQuery): string =>
  JSON.stringify([where.map(({ field, op }) => `${field} ${op}`), orderBy]);

/**
 * Opens such read models. What no index of MongoDB serves is a step of the plan, too: both stores have their indexes of the
 * same list, and there is no MongoDB here to explain a plan.
 */
export const explained = async (): Promise<Explained> => {
  const { path, readModels, close } = await temporaryReadModels();
  for (const { name, indexes } of PROJECTIONS) await readModels.prepare(`${name}_1`, indexes);
  const workflow = { workflow: 'ship', definition: 'sha256:1', versions: 1 };
  await readModels.write('workflows_1', newDocuments({ ship: workflow }));
  const database = new DatabaseSync(path, { readOnly: true });
  addFunctions(database);
  const { of: tableFor } = createTables(createConnection(database));
  const queries = new Map<string, ExplainedQuery[]>();
  const indexes = new Map(PROJECTIONS.map((projection) => [`${projection.name}_1`, projection.indexes]));
  const explain = (collection: string, query: DocumentQuery): void => {
    const table = tableFor(collection);
    if (table !== undefined) keepPlan(collection, query, selectOf(table, query));
  };
  const explainLook = (collection: string, look: Look): void => {
    const table = tableFor(collection);
    if (table === undefined) return;
    const { found, last } = selectsOf(table, look);
    const { where, orderBy, most: limit } = look;
    for (const select of [found, last]) keepPlan(collection, { where, orderBy, limit }, select);
  };
  const keepPlan = (collection: string, query: DocumentQuery, { text, values }: Sql): void => {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values);
    const steps = plan.map(({ detail }) =>
      (detail as string).replaceAll(/ doc_(\w+?_1|snapshots|tallies)(?=\b|:)/g, ' t'),
    );
    const others = isServed(indexes.get(collection) ?? [], query)
      ? []
      : [`NO INDEX OF MONGODB ${asked(query)}`];
    queries.set(collection, [...(queries.get(collection) ?? []), { query, steps: [...steps, ...others] }]);
  };
  const watched: ReadModels = {
    ...readModels,
    prepare: (collection, wanted) => {
      indexes.set(collection, wanted);
      return readModels.prepare(collection, wanted);
    },
    find: (collection, query) => {
      explain(collection, query);
      return readModels.find(collection, query);
    },
    lookEach: (collection, looks) => {
      for (const look of looks) explainLook(collection, look);
      return readModels.lookEach(collection, looks);
    },
    findEach: (collection, queries) => {
      for (const query of queries) explain(collection, query);
      return readModels.findEach(collection, queries);
    },
  };
  const collections = { of: async (name: string) => `${name}_1`, close: () => undefined };
  return {
    views: createViews(watched, collections, () => Promise.resolve()),
    readModels: watched,
    plansOf: (view) => (queries.get(`${view}_1`) ?? queries.get(view) ?? []).flatMap(({ steps }) => steps),
    queriesOf: (view) => queries.get(`${view}_1`) ?? [],
    forget: () => queries.clear(),
    close: async () => {
      database.close();
      await close();
    },
  };
};

// Of a look: the rows that an index comes by, each looked up by its number. Of a list: along its texts, to each document by its key, past those that were found by an earlier text. Documents are
// told apart one by one as they come, up to the limit.
const WALK =
  /^(SEARCH [tedo] USING ((COVERING )?INDEX|(INTEGER )?PRIMARY KEY)|MERGE \(UNION ALL\)|LEFT|RIGHT|CORRELATED SCALAR SUBQUERY|CO-ROUTINE|SCAN \(subquery|USE TEMP B-TREE FOR DISTINCT)/;

/** What a plan does besides walking indexes from where the query begins to its limit: searches through all, sorts. */
export const detours = (steps: readonly string[]): readonly string[] =>
  steps.length === 0 ? ['no plan'] : steps.filter((step) => !WALK.test(step));
