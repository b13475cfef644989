import { parseArgs } from 'node:util';
import { durationText } from '../domain/duration.ts';
import { connectApi, type Api } from './demo/api.ts';
import { tableOf } from './demo/table.ts';
import { Misunderstood } from './misunderstood.ts';
import { ask, timeOf, urlOf } from './following.ts';

/** How the command is given. */
export const usage = `Usage: sagalog retention run [workflow] [--before 2026-01-31T00:00:00Z] [--dry-run]
       sagalog retention truncate [workflow] [--before 2026-01-31T00:00:00Z] [--dry-run]
       sagalog retention status
       each with [--url http://127.0.0.1:4000]
`;

const RUN = `mutation ($workflow: String, $before: DateTime, $dryRun: Boolean!) {
  retain(workflow: $workflow, before: $before, dryRun: $dryRun) {
    workflows { workflow before removed left archives { name digest } } } }`;

const TRUNCATE = `mutation ($workflow: String, $before: DateTime, $dryRun: Boolean!) {
  truncateStreams(workflow: $workflow, before: $before, dryRun: $dryRun) {
    workflows { workflow truncated left events } } }`;

const STATUS = `{ retentions { workflow after openSince endedAt removed truncated archived { name digest executions from to } } }`;

/** What came of a workflow, as the API tells it. */
export interface ListedRemoval {
  readonly workflow: string;
  readonly before: string;
  readonly removed: number;
  readonly left: number;
  readonly archives: readonly { readonly name: string; readonly digest: string }[];
}

/** What came of giving up streams of a workflow, as the API tells it. */
export interface ListedTruncation {
  readonly workflow: string;
  readonly truncated: number;
  readonly left: number;
  readonly events: string;
}

interface ListedRetention {
  readonly workflow: string;
  readonly after: number | null;
  readonly openSince: string | null;
  readonly endedAt: string | null;
  readonly removed: number;
  readonly truncated: number;
  readonly archived: readonly {
    readonly name: string;
    readonly digest: string;
    readonly executions: number;
    readonly from: string;
    readonly to: string;
  }[];
}

/** Removals as a table, and the archives that were made. */
export const removalsTable = (removals: readonly ListedRemoval[], dryRun: boolean): string => {
  const rows = removals.map((one) => [one.workflow, one.before, String(one.removed), String(one.left)]);
  const heads = ['workflow', 'ended before', dryRun ? 'to be removed' : 'removed', 'left'];
  const archives = removals.flatMap((one) => one.archives.map(({ name, digest }) => `${name}  ${digest}`));
  return [tableOf([heads, ...rows], [2, 3]), ...archives].join('\n');
};

/** Truncations as a table. */
export const truncationsTable = (truncations: readonly ListedTruncation[], dryRun: boolean): string => {
  const rows = truncations.map((one) => [one.workflow, String(one.truncated), one.events, String(one.left)]);
  return tableOf(
    [['workflow', dryRun ? 'to be truncated' : 'truncated', 'events', 'left'], ...rows],
    [1, 2, 3],
  );
};

const truncate = async (
  api: Api,
  workflow: string | undefined,
  before: string | null,
  dryRun: boolean,
): Promise<void> => {
  const variables = { workflow: workflow ?? null, before, dryRun };
  const { truncateStreams } = await ask<{
    truncateStreams: { workflows: readonly ListedTruncation[] };
  }>(api, TRUNCATE, variables);
  process.stdout.write(`${truncationsTable(truncateStreams.workflows, dryRun)}\n`);
};

const remove = async (api: Api, workflow: string | undefined, before: string | null, dryRun: boolean) => {
  const variables = { workflow: workflow ?? null, before, dryRun };
  const { retain } = await ask<{ retain: { workflows: readonly ListedRemoval[] } }>(api, RUN, variables);
  process.stdout.write(`${removalsTable(retain.workflows, dryRun)}\n`);
};

const status = async (api: Api): Promise<void> => {
  const { retentions } = await api.query<{ retentions: readonly ListedRetention[] }>(STATUS, {});
  const rows = retentions.map((one) => [
    one.workflow,
    one.after === null ? '' : durationText(one.after),
    String(one.removed),
    String(one.truncated),
    one.openSince === null ? (one.endedAt ?? '') : `under way since ${one.openSince}`,
  ]);
  process.stdout.write(
    `${tableOf([['workflow', 'kept for', 'removed', 'truncated', 'last'], ...rows], [2, 3])}\n`,
  );
  for (const { archived } of retentions)
    for (const { name, digest, executions, from, to } of archived)
      process.stdout.write(`${name}  ${executions} executions from ${from} to ${to}  ${digest}\n`);
};

/** Removes what is kept no longer, gives up the streams of what was removed, or tells of both. Rejects as the API does. */
export const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      before: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const [what, workflow] = positionals;
  if (what !== 'run' && what !== 'truncate' && what !== 'status')
    throw new Misunderstood('Expected run, truncate or status.');
  const before = values.before === undefined ? null : timeOf('--before', values.before);
  const api = connectApi(urlOf(values.url));
  try {
    if (what === 'run') await remove(api, workflow, before, values['dry-run']);
    else if (what === 'truncate') await truncate(api, workflow, before, values['dry-run']);
    else await status(api);
  } finally {
    await api.close();
  }
};
