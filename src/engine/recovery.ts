import type { DocumentQuery, ReadModels, Scalar, StoredDocument } from '../ports/read-models.ts';

const PAGE = 500;
const AT_ONCE = 32;

/** The ids of the executions that have not ended, by page, as a collection of summaries says. */
export async function* activeExecutions(
  readModels: ReadModels,
  collection: string,
): AsyncGenerator<readonly string[]> {
  let last: DocumentQuery['after'];
  do {
    const page = await readModels.find(collection, {
      where: [{ field: 'status', op: 'in', values: ['running', 'compensating'] }],
      // The order of the index that has the statuses, so that a page costs a page.
      orderBy: [{ field: 'startedAt', direction: 'asc' }],
      ...(last === undefined ? {} : { after: last }),
      limit: PAGE,
    });
    yield page.map(({ key }) => key);
    const end = page.length < PAGE ? undefined : page.at(-1);
    last = end && placeOf(end);
  } while (last !== undefined);
}

const placeOf = ({ doc, key }: StoredDocument): DocumentQuery['after'] => ({
  values: [doc['startedAt'] as Scalar],
  key,
});

/** Takes up every active execution, some at a time; answers how many there were. */
export const resumeAll = async (
  pages: AsyncIterable<readonly string[]>,
  resume: (id: string) => Promise<void>,
): Promise<number> => {
  let count = 0;
  for await (const ids of pages) {
    const left = [...ids];
    const worker = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) await resume(id);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    count += ids.length;
  }
  return count;
};
