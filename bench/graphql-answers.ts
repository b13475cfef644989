import type { Operation } from './graphql-operations.ts';
import type { Remembered } from './graphql-peers.ts';

type Data = Readonly<Record<string, unknown>>;

/** What is answered by a server, of which nothing may have failed. */
export const dataOf = async (url: string, query: string, variables: Data): Promise<Data> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Data | null; errors?: unknown };
  if (errors === undefined && data) return data;
  throw new Error(`Expected an answer of ${url} without errors, but got: ${JSON.stringify(errors)}`);
};

/** What a server answers to operations, for another one to answer the same from memory. */
export const remember = (url: string, operations: readonly Operation[]): Promise<readonly Remembered[]> =>
  Promise.all(
    operations.map(async ({ name, query, variables, by }) => {
      const answers = new Map<unknown, unknown>();
      for (const given of variables) {
        const data = await dataOf(url, query, given);
        answers.set(by === undefined ? undefined : given[by], data[name]);
      }
      return { name, by, answers };
    }),
  );
