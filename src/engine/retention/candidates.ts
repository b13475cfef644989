import type { Json } from '../../domain/json.ts';
import { streamOf } from '../../domain/stream.ts';
import type { Condition, StoredDocument } from '../../ports/read-models.ts';
import { documentPages } from '../document-pages.ts';
import type { RetentionParts } from './parts.ts';

type ViewParts = Pick<RetentionParts, 'readModels' | 'collections'>;

const ENDED = ['completed', 'failed', 'cancelled', 'compensated'] as const;
const ACTIVE = ['queued', 'running', 'compensating', 'paused'] as const;

const isEnded = (status: Json | undefined): boolean => ENDED.some((ended) => ended === status);

const eq = (field: string, value: string): Condition => ({ field, op: 'eq', value });

/** Streams of notifications of one execution; more are left to the log alone. */
const MOST_NOTIFICATIONS = 1_000;

/** An execution that may be removed, as the views say, and what else tells of it. */
export interface Candidate {
  readonly id: string;
  /** Of its notifications. */
  readonly streams: readonly string[];
}

/**
 * What of a page may be removed, as the views say: nothing whose parent or children go on, and nothing that somebody is
 * still to be told of. Rejects as the store does.
 */
const choose = async (
  { readModels, collections }: ViewParts,
  page: readonly StoredDocument[],
): Promise<readonly Candidate[]> => {
  const executions = await collections.of('executions');
  const notices = await collections.of('notices');
  const notifications = await collections.of('notifications');
  const parentOf = ({ doc }: StoredDocument): readonly string[] =>
    typeof doc['parent'] === 'string' ? [doc['parent']] : [];
  const parents = await readModels.load(executions, [...new Set(page.flatMap(parentOf))]);
  const has = async (collection: string, ...where: readonly Condition[]): Promise<boolean> =>
    (await readModels.find(collection, { where, limit: 1 })).length > 0;

  const candidateOf = async (document: StoredDocument): Promise<Candidate | undefined> => {
    const { key: id } = document;
    const [parent] = parentOf(document).map((key) => parents.get(key));
    // One that is not there any more was removed before.
    if (parent !== undefined && !isEnded(parent.doc['status'])) return undefined;
    if (await has(executions, eq('parent', id), { field: 'status', op: 'in', values: ACTIVE }))
      return undefined;
    if (await has(notices, eq('execution', id), { field: 'count', op: 'gt', value: 0 })) return undefined;
    const told = await readModels.find(notifications, {
      where: [eq('execution', id)],
      limit: MOST_NOTIFICATIONS,
    });
    if (told.some(({ doc }) => doc['status'] === 'pending')) return undefined;
    return { id, streams: told.map(({ key }) => streamOf('notification', key)) };
  };
  return (await Promise.all(page.map(candidateOf))).filter((found) => found !== undefined);
};

/**
 * The executions of a workflow that ended before a time (ms since the Unix epoch) and may be removed, by page, those that
 * ended first before the others. A page may be empty. Rejects as the store does.
 */
export async function* candidates(
  parts: ViewParts,
  workflow: string,
  before: number,
): AsyncGenerator<readonly Candidate[]> {
  const query = {
    where: [
      eq('workflow', workflow),
      { field: 'endedAt', op: 'lt', value: before },
      { field: 'status', op: 'in', values: ENDED },
    ],
    orderBy: [{ field: 'endedAt', direction: 'asc' }],
  } as const;
  for await (const page of documentPages(parts.readModels, await parts.collections.of('executions'), query))
    yield await choose(parts, page);
}
