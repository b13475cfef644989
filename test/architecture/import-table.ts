import type { IForbiddenRuleType } from 'dependency-cruiser';

/** What the files of a layer may import: folders of `src`, packages, and Node's own modules. */
interface Layer {
  /** Folder of `src`; `*` stands for one folder, which may import itself. */
  readonly folder: string;
  readonly folders: readonly string[];
  readonly packages: readonly string[];
  /** Files right in `src`. */
  readonly files?: readonly string[];
  /** Names, or `all`. */
  readonly node: readonly string[] | 'all';
}

const RULES = ['ports', 'domain'];
const FRONT_DOORS = ['@nestjs/common', '@nestjs/cqrs'];
const GRAPHQL = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/cqrs',
  '@nestjs/graphql',
  '@graphql-yoga/render-graphiql',
  'class-transformer',
  'class-validator',
  'dataloader',
  'express',
  'graphql',
  'graphql-ws',
  'graphql-yoga',
  'reflect-metadata',
  'rxjs',
  'ws',
];

/** The import table: each layer may import itself and what stands here. The files right in `src` put the parts together. */
export const LAYERS: readonly Layer[] = [
  {
    folder: 'domain',
    folders: [],
    packages: ['yaml', '@bufbuild/cel', 'ajv', 'croner'],
    // Both only calculate.
    node: ['crypto', 'zlib'],
  },
  { folder: 'ports', folders: ['domain'], packages: [], node: [] },
  { folder: 'commands', folders: RULES, packages: FRONT_DOORS, node: [] },
  { folder: 'queries', folders: [...RULES, 'projections'], packages: FRONT_DOORS, node: [] },
  {
    folder: 'projections',
    folders: RULES,
    packages: FRONT_DOORS,
    node: ['timers/promises', 'events', 'worker_threads'],
  },
  { folder: 'engine', folders: [...RULES, 'commands'], packages: [], node: ['timers/promises', 'events'] },
  { folder: 'activities', folders: RULES, packages: [], node: 'all' },
  {
    folder: 'graphql',
    folders: [...RULES, 'commands', 'queries', 'projections'],
    files: ['config'],
    packages: GRAPHQL,
    node: 'all',
  },
  {
    folder: 'http',
    folders: [...RULES, 'commands', 'graphql'],
    packages: ['@nestjs/common', '@nestjs/core', '@nestjs/cqrs'],
    node: ['http', 'fs/promises'],
  },
  // What runs in the processes of others: nothing of the server.
  { folder: 'worker', folders: RULES, packages: [], node: 'all' },
  { folder: 'client', folders: ['domain'], packages: [], node: ['timers/promises'] },
  { folder: 'adapters/eventstoredb', folders: RULES, packages: ['@eventstore/db-client'], node: 'all' },
  { folder: 'adapters/mongodb', folders: RULES, packages: ['mongodb'], node: 'all' },
  { folder: 'adapters/sqlite', folders: RULES, packages: [], node: 'all' },
  { folder: 'adapters/archives', folders: RULES, packages: [], node: 'all' },
  { folder: 'adapters/system', folders: RULES, packages: [], node: 'all' },
  { folder: 'adapters/notifiers', folders: RULES, packages: ['nodemailer'], node: 'all' },
  { folder: 'adapters/process', folders: RULES, packages: ['pidusage'], node: 'all' },
  { folder: 'adapters/recorders', folders: RULES, packages: [], node: 'all' },
  { folder: 'adapters/jose', folders: RULES, packages: ['jose'], node: ['fs/promises'] },
  { folder: 'adapters/pino', folders: RULES, files: ['config'], packages: ['pino'], node: 'all' },
  { folder: 'adapters/telemetry', folders: RULES, packages: ['@opentelemetry/[^/]+'], node: 'all' },
];

/** The command line is a program of its own around the server: it may use any part but an adapter. */
const cli: IForbiddenRuleType = {
  name: 'cli',
  severity: 'error',
  from: { path: '^src/cli/' },
  to: { path: '^src/adapters/' },
};

const adapters = LAYERS.map(({ folder }) => folder).filter((folder) => folder.startsWith('adapters/'));

/** A folder of adapters that the table does not know could import whatever it likes. */
const known: IForbiddenRuleType = {
  name: 'every adapter is in the table',
  severity: 'error',
  from: { path: '^src/adapters/', pathNot: adapters.map((folder) => `^src/${folder}/`) },
  to: {},
};

/** What runs projections may use threads and timers; a projection itself is pure. */
const pure: IForbiddenRuleType = {
  name: 'pure projections',
  severity: 'error',
  from: { path: '^src/projections/.*\\.projection\\.ts$' },
  to: { pathNot: ['^src/projections/', '^src/domain/', '^src/ports/'] },
};

const ruleOf = ({ folder, folders, files = [], packages, node }: Layer): IForbiddenRuleType => ({
  name: folder,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: {
    pathNot: [
      ...[folder, ...folders].map((name) => `^src/${name}/`),
      ...files.map((name) => `^src/${name}\\.ts$`),
      ...packages.map((name) => `node_modules/(@types/)?${name}/`),
      ...(node === 'all' ? [] : node.map((name) => `^(node:)?${name}$`)),
    ],
    ...(node === 'all' ? { dependencyTypesNot: ['core'] } : {}),
  },
});

/** The table as rules for dependency-cruiser. */
export const IMPORT_RULES: readonly IForbiddenRuleType[] = [...LAYERS.map(ruleOf), cli, known, pure];
