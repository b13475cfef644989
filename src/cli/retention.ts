import { parseArgs } from 'node:util';
import { connectApi, type Api } from './demo/api.ts';
import { tableOf } from './demo/table.ts';
import { ask, urlOf } from './following.ts';

const USAGE = `Usage: sagalog retention run [workflow] [--before 2026-01-31T00:00:00Z] [--dry-run]
       sagalog retention status
       each with [--url http://127.0.0.1:4000]
`;

const RUN = `mutation ($workflow: String, $before: DateTime, $dryRun: Boolean!) {
  retain(workflow: $workflow, before: $before, dryRun: $dryRun) {
    workflows { workflow before removed left archives { name digest } } } }`;

const STATUS = `{ retentions { workflow after openSince endedAt removed archived { name digest executions from to } } }`;

/** What came of a workflow, as the API tells it. */
export interface ListedRemoval {
  readonly workflow: string;
  readonly before: string;
  readonly removed: number;
  readonly left: number;
  readonly archives: readonly { readonly name: string; readonly digest: string }[];
}

interface ListedRetention {
  readonly workflow: string;
  readonly after: number | null;
  readonly openSince: string | null;
  readonly endedAt: string | null;
  readonly removed: number;
  readonly archived: readonly {
    readonly name: string;
    readonly digest: string;
    readonly executions: number;
    readonly from: string;
    readonly to: string;
  }[];
}

const DAY = 86_400_000;

/** Removals as a table, and the archives that were made. */
export const removalsTable = (removals: readonly ListedRemoval[], dryRun: boolean): string => {
  const rows = removals.map((one) => [one.workflow, one.before, String(one.removed), String(one.left)]);
  const heads = ['workflow', 'ended before', dryRun ? 'to be removed' : 'removed', 'left'];
  const archives = removals.flatMap((one) => one.archives.map(({ name, digest }) => `${name}  ${digest}`));
  return [tableOf([heads, ...rows], [2, 3]), ...archives].join('\n');
};

const run = async (api: Api, workflow: string | undefined, before: string | undefined, dryRun: boolean) => {
  const variables = { workflow: workflow ?? null, before: before ?? null, dryRun };
  const { retain } = await ask<{ retain: { workflows: readonly ListedRemoval[] } }>(api, RUN, variables);
  process.stdout.write(`${removalsTable(retain.workflows, dryRun)}\n`);
};

const status = async (api: Api): Promise<void> => {
  const { retentions } = await api.query<{ retentions: readonly ListedRetention[] }>(STATUS, {});
  const rows = retentions.map((one) => [
    one.workflow,
    one.after === null ? '' : `${Number((one.after / DAY).toFixed(3))} d`,
    String(one.removed),
    one.openSince === null ? (one.endedAt ?? '') : `under way since ${one.openSince}`,
  ]);
  process.stdout.write(`${tableOf([['workflow', 'kept for', 'removed', 'last'], ...rows], [2])}\n`);
  for (const { archived } of retentions)
    for (const { name, digest, executions, from, to } of archived)
      process.stdout.write(`${name}  ${executions} executions from ${from} to ${to}  ${digest}\n`);
};

/** Removes what is kept no longer, or tells what was removed. Rejects as the API does. */
export const runRetention = async (args: readonly string[]): Promise<void> => {
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
  if (what !== 'run' && what !== 'status') {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const api = connectApi(urlOf(values.url));
  try {
    if (what === 'run') await run(api, workflow, values.before, values['dry-run']);
    else await status(api);
  } finally {
    await api.close();
  }
};
