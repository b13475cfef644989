import { parseArgs } from 'node:util';
import { connectApi, type Api } from './demo/api.ts';
import { tableOf } from './demo/table.ts';
import { listParked, parkEvent } from './parked-events.ts';
import { Misunderstood } from './misunderstood.ts';
import { ask, shareOf, urlOf, whileFollowed } from './following.ts';

/** How the command is given. */
export const usage = `Usage: sagalog projections list
       sagalog projections rebuild  [name…] [--max-share 0.5]
       sagalog projections verify   [name…] [--max-share 0.5]
       sagalog projections rollback|retry <name>
       sagalog projections pause|resume|cancel <name>
       sagalog projections park <name> <event id> [--reason text]
       sagalog projections parked <name>
       each with [--url http://127.0.0.1:4000]
`;

const RESULT = `{ projection kind generation events duration digest { documents checksum }
  comparison { differing live { documents checksum } differences { key kind live rebuilt } } }`;

/** How a rebuild ended, as the API tells it. */
export interface ListedRebuild {
  readonly projection: string;
  readonly kind: 'REBUILD' | 'VERIFY' | 'ROLLBACK';
  readonly generation: number;
  readonly events: string;
  readonly duration: number;
  readonly digest: { readonly documents: string; readonly checksum: string } | null;
  readonly comparison: {
    readonly differing: string;
    readonly live: { readonly documents: string; readonly checksum: string };
    readonly differences: readonly {
      readonly key: string;
      readonly kind: 'DOCUMENT' | 'INDEX';
      readonly live: unknown;
      readonly rebuilt: unknown;
    }[];
  } | null;
}

interface Outcome {
  readonly projection: string;
  readonly rebuilt: ListedRebuild | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

const differingOf = ({ comparison }: ListedRebuild): string =>
  comparison === null ? 'not compared' : comparison.differing === '0' ? 'none' : comparison.differing;

/** Rebuilds as a table, and the documents that differ. */
export const rebuildsTable = (rebuilds: readonly ListedRebuild[]): string => {
  const table = tableOf(
    [
      ['projection', 'events', 'documents', 'checksum', 'took', 'differences'],
      ...rebuilds.map((one) => [
        one.projection,
        one.events,
        one.digest?.documents ?? '',
        one.digest?.checksum ?? '',
        `${(one.duration / 1_000).toFixed(1)} s`,
        differingOf(one),
      ]),
    ],
    [1, 2, 4],
  );
  const differences = rebuilds.flatMap(({ projection, comparison }) =>
    (comparison?.differences ?? []).map(
      ({ key, kind, live, rebuilt }) =>
        `${projection} ${key}${kind === 'INDEX' ? ', by what it is found' : ''}\n  found    ${JSON.stringify(live)}\n  expected ${JSON.stringify(rebuilt)}`,
    ),
  );
  return [table, ...differences].join('\n');
};

const rebuild = async (
  api: Api,
  names: readonly string[],
  dryRun: boolean,
  maxShare: number,
): Promise<boolean> => {
  const { rebuildProjections } = await whileFollowed(api, () =>
    ask<{ rebuildProjections: { outcomes: readonly Outcome[] } }>(
      api,
      `mutation ($names: [String!], $dryRun: Boolean!, $maxShare: Float!) {
        rebuildProjections(names: $names, dryRun: $dryRun, maxShare: $maxShare) {
          outcomes { projection rebuilt ${RESULT} error { code message } } } }`,
      { names: names.length === 0 ? null : names, dryRun, maxShare },
    ),
  );
  const { outcomes } = rebuildProjections;
  process.stdout.write(`${rebuildsTable(outcomes.flatMap(({ rebuilt }) => rebuilt ?? []))}\n`);
  for (const { projection, error } of outcomes)
    if (error !== null) process.stdout.write(`${projection}: ${error.code}: ${error.message}\n`);
  return outcomes.every(
    ({ error, rebuilt }) => error === null && (!dryRun || (rebuilt?.comparison?.differing ?? '0') === '0'),
  );
};

const bringOn = async (
  api: Api,
  name: string,
  mutation: 'rollbackProjection' | 'retryProjection',
): Promise<boolean> => {
  const { rebuilt } = await whileFollowed(api, () =>
    ask<{ rebuilt: ListedRebuild }>(
      api,
      `mutation ($name: String!) { rebuilt: ${mutation}(name: $name) ${RESULT} }`,
      { name },
    ),
  );
  process.stdout.write(`${rebuildsTable([rebuilt])}\n`);
  return true;
};

const list = async (api: Api): Promise<boolean> => {
  const { projections } = await api.query<{
    projections: readonly {
      name: string;
      version: number;
      generation: number;
      position: string;
      state: string;
      lagEvents: string | null;
      lagSeconds: number | null;
      rate: number;
      parked: number;
      lastError: { message: string } | null;
    }[];
  }>(
    '{ projections { name version generation position state lagEvents lagSeconds rate parked lastError { message } } }',
  );
  const rows = projections.map((one) => [
    one.name,
    one.state.toLowerCase(),
    String(one.version),
    String(one.generation),
    one.position,
    one.lagEvents ?? '',
    one.lagSeconds === null ? '' : `${one.lagSeconds.toFixed(1)} s`,
    `${one.rate.toFixed(0)}/s`,
    one.parked === 0 ? '' : String(one.parked),
    one.lastError?.message ?? '',
  ]);
  const heads = [
    'projection',
    'state',
    'version',
    'generation',
    'position',
    'behind',
    'for',
    'rate',
    'parked',
    'error',
  ];
  process.stdout.write(`${tableOf([heads, ...rows], [2, 3, 4, 5, 6, 7, 8])}\n`);
  return true;
};

const CONTROLS: Readonly<Record<string, string>> = {
  pause: 'pauseRebuild',
  resume: 'resumeRebuild',
  cancel: 'cancelRebuild',
};

const ONE = ['rollback', 'retry', 'parked', 'park', ...Object.keys(CONTROLS)];

const misunderstood = (what: string): Misunderstood =>
  new Misunderstood(
    ONE.includes(what)
      ? `Expected one projection behind "${what}"${what === 'park' ? ', and the id of an event' : ''}.`
      : `Expected what is to be done with projections, but found "${what}".`,
  );

const carryOut = async (
  api: Api,
  what: string,
  names: readonly string[],
  { maxShare, reason }: { readonly maxShare: number; readonly reason: string | undefined },
): Promise<boolean> => {
  const [name = '', eventId] = names;
  if (what === 'list') return list(api);
  if (what === 'rebuild' || what === 'verify') return rebuild(api, names, what === 'verify', maxShare);
  if (what === 'park' && eventId !== undefined && names.length === 2) {
    await parkEvent(api, name, eventId, reason);
    return true;
  }
  if (names.length !== 1) throw misunderstood(what);
  if (what === 'parked') {
    await listParked(api, name);
    return true;
  }
  if (what === 'rollback') return bringOn(api, name, 'rollbackProjection');
  if (what === 'retry') return bringOn(api, name, 'retryProjection');
  const mutation = Object.hasOwn(CONTROLS, what) ? CONTROLS[what] : undefined;
  if (mutation === undefined) throw misunderstood(what);
  await api.query(`mutation ($name: String!) { ${mutation}(name: $name) { position } }`, { name });
  return true;
};

/** Shows, rebuilds, verifies or brings back the views of the server at `--url`; exits with 1 when it fails or verifying finds differences. */
export const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      'max-share': { type: 'string', default: '1' },
      reason: { type: 'string' },
    },
  });
  const api = connectApi(urlOf(values.url));
  const [what = '', ...names] = positionals;
  try {
    const isWell = await carryOut(api, what, names, {
      maxShare: shareOf(values['max-share']),
      reason: values.reason,
    });
    if (!isWell) process.exitCode = 1;
  } finally {
    await api.close();
  }
};
