import { parseArgs } from 'node:util';
import { connectApi } from './demo/api.ts';
import { tableOf } from './demo/table.ts';
import { ask, shareOf, urlOf, whileFollowed } from './following.ts';
import { Misunderstood } from './misunderstood.ts';
import { readLogDays, type ListedLogDay } from './log-days.ts';
import { verifyAudit } from './verify-audit.ts';
import { rebuildsTable, type ListedRebuild } from './projections.ts';

/** How the command is given. */
export const usage = `Usage: sagalog verify --read-models [projection…] [--max-share 0.5] [--url http://127.0.0.1:4000]
       sagalog verify --audit [--from 2026-01-31] [--to 2026-02-28] [--url http://127.0.0.1:4000]
`;

const VERIFY = `mutation ($names: [String!], $maxShare: Float!) {
  rebuildProjections(names: $names, dryRun: true, byDay: true, maxShare: $maxShare) { position outcomes {
    projection error { code message } rebuilt { projection kind generation events duration digest { documents checksum }
      comparison { differing live { documents checksum } differences { key kind live rebuilt }
        days { category day live { documents checksum } rebuilt { documents checksum } differing } } } } } }`;

interface Digest {
  readonly documents: string;
  readonly checksum: string;
}

/** Documents of a view that tell of a day, as the API tells it. */
export interface ListedDay {
  readonly category: string;
  readonly day: string | null;
  readonly live: Digest;
  readonly rebuilt: Digest;
  readonly differing: string;
}

interface Verified extends ListedRebuild {
  readonly comparison:
    (NonNullable<ListedRebuild['comparison']> & { readonly days: readonly ListedDay[] }) | null;
}

interface Outcome {
  readonly projection: string;
  readonly rebuilt: Verified | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** A view's documents by day. */
export interface ViewDays {
  readonly projection: string;
  readonly days: readonly ListedDay[];
}

interface Row extends ListedDay {
  readonly projection: string;
}

const rowOf = ({ projection, live, rebuilt, differing }: Row): readonly string[] => [
  projection,
  rebuilt.documents,
  live.documents,
  rebuilt.checksum,
  live.checksum,
  differing === '0' ? 'none' : differing,
];

/** What the log has and what the views have, by category and day; what differs is named. */
export const daysTable = (log: readonly ListedLogDay[], views: readonly ViewDays[]): string => {
  const rows = views.flatMap(({ projection, days }) => days.map((day): Row => ({ projection, ...day })));
  const cells = new Map<string, { readonly title: string; readonly rows: Row[] }>();
  for (const { category, day, events, checksum } of log)
    cells.set(`${category} ${day}`, { title: `${category} ${day}: ${events} events, ${checksum}`, rows: [] });
  for (const row of rows) {
    const name = `${row.category} ${row.day ?? ''}`;
    const title = row.day === null ? `${row.category}, of no day` : `${row.category} ${row.day}: no events`;
    const cell = cells.get(name) ?? { title, rows: [] };
    cells.set(name, cell);
    cell.rows.push(row);
  }
  const heads = ['view', 'of the log', 'found', 'checksum of the log', 'found', 'differences'];
  return [...cells]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { title, rows: of }]) =>
      of.length === 0 ? title : `${title}\n${tableOf([heads, ...of.map(rowOf)], [1, 2])}`,
    )
    .join('\n');
};

/** Holds the views against the log, by category and day, or the record of who has read what against its hash chains. Exits with 1 when anything differs. */
export const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'read-models': { type: 'boolean', default: false },
      audit: { type: 'boolean', default: false },
      from: { type: 'string' },
      to: { type: 'string' },
      url: { type: 'string' },
      'max-share': { type: 'string', default: '1' },
    },
  });
  if (values.audit) return verifyAudit(values);
  if (!values['read-models'])
    throw new Misunderstood('Expected --read-models or --audit, but found neither.');
  const api = connectApi(urlOf(values.url));
  try {
    const variables = {
      names: positionals.length === 0 ? null : positionals,
      maxShare: shareOf(values['max-share']),
    };
    const { rebuildProjections } = await whileFollowed(api, () =>
      ask<{ rebuildProjections: { position: string; outcomes: readonly Outcome[] } }>(api, VERIFY, variables),
    );
    const { position, outcomes } = rebuildProjections;
    const logDays = await readLogDays(api, position);
    const verified = outcomes.flatMap(({ rebuilt }) => rebuilt ?? []);
    const views = verified.map(({ projection, comparison }) => ({
      projection,
      days: comparison?.days ?? [],
    }));
    process.stdout.write(`${daysTable(logDays, views)}\n\n${rebuildsTable(verified)}\n`);
    for (const { projection, error } of outcomes)
      if (error !== null) process.stdout.write(`${projection}: ${error.code}: ${error.message}\n`);
    const isWell = outcomes.every(({ rebuilt }) => rebuilt?.comparison?.differing === '0');
    if (!isWell) process.exitCode = 1;
  } finally {
    await api.close();
  }
};
