import type { Api } from './api.ts';
import type { Summary } from './timeline.ts';

const FIND = `query ($workflow: String!, $first: Int!, $waitFor: Position) {
  executions(filter: { workflow: $workflow }, first: $first, waitFor: $waitFor) {
    nodes { id status retries duration event }
  }
}`;

/** One execution of each kind that is worth looking at, of those with these ids; `undefined` for a kind that is not among them. */
export const findSamples = async (
  api: Api,
  workflow: string,
  ids: readonly string[],
  waitFor: string,
): Promise<Readonly<Record<'succeeded' | 'retried' | 'compensated', Summary | undefined>>> => {
  const { executions } = await api.query<{ executions: { nodes: readonly Summary[] } }>(FIND, {
    workflow,
    first: 100,
    waitFor,
  });
  const mine = executions.nodes.filter(({ id }) => ids.includes(id)).toReversed();
  return {
    succeeded: mine.find(({ status, retries }) => status === 'COMPLETED' && retries === 0),
    retried: mine.find(({ status, retries }) => status === 'COMPLETED' && retries > 0),
    compensated: mine.findLast(({ status }) => status === 'COMPENSATED'),
  };
};
