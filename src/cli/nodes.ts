import { parseArgs } from 'node:util';
import { connectApi } from './demo/api.ts';
import { tableOf } from './demo/table.ts';
import { urlOf } from './following.ts';

/** How the command is given. */
export const usage = 'Usage: sagalog nodes [--url http://127.0.0.1:4000]\n';

const NODES = `{ nodes { name self partitions folds leaseUntil } }`;

/** A node as the API tells it. */
export interface ListedNode {
  readonly name: string;
  readonly self: boolean;
  readonly partitions: readonly number[];
  readonly folds: boolean;
  /** RFC 3339; null when it needs no lease. */
  readonly leaseUntil: string | null;
}

/** Numbers in ascending order as people write them: 0-3, 7. */
export const rangesOf = (numbers: readonly number[]): string => {
  const ranges: [first: number, last: number][] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range !== undefined && range[1] === number - 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(', ');
};

const leftOf = (until: string | null, now: number): string =>
  until === null ? 'no lease' : `${(Math.max(0, Date.parse(until) - now) / 1_000).toFixed(1)} s`;

/** Nodes as a table; `now` is ms since the Unix epoch. */
export const nodesTable = (nodes: readonly ListedNode[], now: number): string =>
  tableOf([
    ['node', 'partitions', 'views', 'lease left'],
    ...nodes.map(({ name, self, partitions, folds, leaseUntil }) => [
      self ? `${name} (asked)` : name,
      partitions.length === 0 ? 'none' : `${partitions.length}: ${rangesOf(partitions)}`,
      folds ? 'folds' : '',
      leftOf(leaseUntil, now),
    ]),
  ]);

/** Prints who owns what, as the server at `--url` knows it. Rejects when that does not answer. */
export const run = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({ args: [...args], options: { url: { type: 'string' } } });
  const api = connectApi(urlOf(values.url));
  try {
    const { nodes } = await api.query<{ nodes: readonly ListedNode[] }>(NODES);
    process.stdout.write(`${nodesTable(nodes, Date.now())}\n`);
  } finally {
    await api.close();
  }
};
