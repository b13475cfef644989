import type { ReadModels } from '../ports/read-models.ts';

const PAGE = 500;
const AT_ONCE = 32;

/** The ids of the executions that have not ended, by page, as a collection of summaries says. */
export async function* activeExecutions(
  readModels: ReadModels,
  collection: string,
): AsyncGenerator<readonly string[]> {
  let last: string | undefined;
  do {
    const page = await readModels.find(collection, {
      where: [{ field: 'status', op: 'in', values: ['running', 'compensating'] }],
      ...(last === undefined ? {} : { after: { values: [], key: last } }),
      limit: PAGE,
    });
    yield page.map(({ key }) => key);
    last = page.length < PAGE ? undefined : page.at(-1)?.key;
  } while (last !== undefined);
}

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
