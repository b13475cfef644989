import { versionNotFound, workflowNotFound } from '../domain/definition/decide-workflow.ts';
import type { DocumentQuery, Look, ReadModels, Scalar, StoredDocument } from '../ports/read-models.ts';
import type { LiveCollections } from '../projections/live-collections.ts';
import { versionKey, type VersionDocument } from '../projections/versions.projection.ts';
import type { WorkflowDocument } from '../projections/workflows.projection.ts';
import type { WaitFor } from './queries.ts';

/** The name of a projection that queries read. */
export type ViewName =
  | 'executions'
  | 'timeline'
  | 'active'
  | 'outcomes'
  | 'durations'
  | 'incidents'
  | 'workflows'
  | 'versions'
  | 'approvals'
  | 'notifications'
  | 'logs'
  | 'schedules'
  | 'audit';

/** Resolves once the projections reflect the position; rejects with `Rejection` (`WAIT_TIMEOUT`). */
export type Wait = (position: bigint, projections: readonly ViewName[]) => Promise<void>;

/** What a look has found in a view; see `Looked`. */
export interface LookedIn<D> {
  readonly found: readonly StoredDocument<D>[];
  readonly last: StoredDocument<D> | undefined;
}

/** What somebody has given, and as which field. */
export interface Named<T> {
  readonly field: string;
  readonly value: T;
}

/** A query that is answered to its end. */
export type WholeQuery = Omit<DocumentQuery, 'limit' | 'after'>;

/** The documents of the live projections. */
export interface Views {
  reflect(position: WaitFor, ...views: ViewName[]): Promise<void>;
  get<D>(view: ViewName, key: string): Promise<StoredDocument<D> | undefined>;
  /** Documents by their keys, without those that there are none of. */
  load<D>(view: ViewName, keys: readonly string[]): Promise<ReadonlyMap<string, StoredDocument<D>>>;
  find<D>(view: ViewName, query: DocumentQuery): Promise<readonly StoredDocument<D>[]>;
  /** What `find` answers to each of several queries, in one look. */
  findEach<D>(
    view: ViewName,
    queries: readonly DocumentQuery[],
  ): Promise<readonly (readonly StoredDocument<D>[])[]>;
  /** Looks for documents that are met on the way. */
  look<D>(view: ViewName, look: Look): Promise<LookedIn<D>>;
  /** What `look` answers to each of several looks, in one. */
  lookEach<D>(view: ViewName, looks: readonly Look[]): Promise<readonly LookedIn<D>[]>;
  /** Every document that meets the query, page after page, none of which is empty: as they are asked for. */
  pages<D>(view: ViewName, query: WholeQuery): AsyncIterable<readonly StoredDocument<D>[]>;
  /** The same of all pages together, for what is few. */
  all<D>(view: ViewName, query: WholeQuery): Promise<readonly StoredDocument<D>[]>;
  /** Rejects with `WORKFLOW_NOT_FOUND` when no workflow has the name. */
  requireWorkflow(name: string): Promise<void>;
  /**
   * The version of a number, both of which were given as these fields. Rejects with `WORKFLOW_NOT_FOUND`, and with
   * `VERSION_NOT_FOUND` when the workflow has none of that number.
   */
  requireVersion(workflow: Named<string>, number: Named<number>): Promise<VersionDocument>;
}

const PAGE = 500;

const behind = (
  last: StoredDocument<unknown> | undefined,
  fields: readonly string[],
): Pick<DocumentQuery, 'after'> => {
  if (last === undefined) return {};
  const doc = last.doc as Readonly<Record<string, Scalar>>;
  return { after: { key: last.key, values: fields.map((field) => doc[field] ?? null) } };
};

/** Reads every document that meets a query, a page at a time, by `find`. */
export const pagesBy = (find: Views['find']): Views['pages'] =>
  async function* <D>(view: ViewName, query: WholeQuery) {
    const fields = query.orderBy?.map(({ field }) => field) ?? [];
    for (let last: StoredDocument<D> | undefined; ;) {
      const page = await find<D>(view, { ...query, ...behind(last, fields), limit: PAGE });
      if (page.length > 0) yield page;
      if (page.length < PAGE) return;
      last = page.at(-1);
    }
  };

/** Puts such pages together. */
export const allBy = (pages: Views['pages']): Views['all'] =>
  async function <D>(view: ViewName, query: WholeQuery) {
    const all: StoredDocument<D>[] = [];
    for await (const page of pages<D>(view, query)) all.push(...page);
    return all;
  };

/** Reads the live projections. */
export const createViews = (readModels: ReadModels, collections: LiveCollections, wait: Wait): Views => {
  const load: Views['load'] = async <D>(view: ViewName, keys: readonly string[]) =>
    (await readModels.load(await collections.of(view), keys)) as ReadonlyMap<
      string,
      StoredDocument<unknown>
    > as ReadonlyMap<string, StoredDocument<D>>;

  const get: Views['get'] = async <D>(view: ViewName, key: string) => (await load<D>(view, [key])).get(key);

  const find: Views['find'] = async <D>(view: ViewName, query: DocumentQuery) =>
    (await readModels.find(
      await collections.of(view),
      query,
    )) as readonly StoredDocument<unknown>[] as readonly StoredDocument<D>[];

  const lookEach: Views['lookEach'] = async <D>(view: ViewName, looks: readonly Look[]) =>
    (await readModels.lookEach(
      await collections.of(view),
      looks,
    )) as readonly LookedIn<unknown>[] as readonly LookedIn<D>[];

  const pages = pagesBy(find);

  return {
    get,
    load,
    find,
    reflect: async (position, ...views) => {
      if (position !== undefined) await wait(position, views);
    },
    findEach: async <D>(view: ViewName, queries: readonly DocumentQuery[]) =>
      (await readModels.findEach(
        await collections.of(view),
        queries,
      )) as readonly (readonly StoredDocument<unknown>[])[] as readonly (readonly StoredDocument<D>[])[],
    look: async <D>(view: ViewName, look: Look) => {
      const [looked] = await lookEach<D>(view, [look]);
      return looked ?? { found: [], last: undefined };
    },
    lookEach,
    pages,
    all: allBy(pages),
    requireWorkflow: async (name) => {
      if ((await get<WorkflowDocument>('workflows', name)) === undefined) throw workflowNotFound(name);
    },
    requireVersion: async (workflow, number) => {
      const name = workflow.value;
      const version = await get<VersionDocument>('versions', versionKey(name, number.value));
      if (version !== undefined) return version.doc;
      const found = await get<WorkflowDocument>('workflows', name);
      if (found === undefined) throw workflowNotFound(name, workflow.field);
      throw versionNotFound({ name, count: found.doc.versions }, number.value, number.field);
    },
  };
};
