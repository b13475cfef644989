import { availableParallelism } from 'node:os';

/**
 * Lets the tests import the package by its name, from its sources. Otherwise only what Node goes by counts: with
 * `module` a library would be loaded twice, once for us and once for those that Node loads. The package graphql has two
 * entries, and its types must be the ones that Node gives to the libraries.
 */
export const SOURCE = {
  ssr: { resolve: { conditions: ['sagalog-source', 'node'] } },
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
};

/** How long specs wait for progress: long enough for a machine that is busy. */
export const PATIENCE = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000, interval: 10 } },
};

/** The specs that talk to servers other than our own. */
export const SUITES_ON_SERVERS = [
  'test/adapters/eventstoredb/**/*.spec.ts',
  'test/adapters/mongodb/**/*.spec.ts',
  'test/servers/**/*.spec.ts',
  'test/**/*.differential.spec.ts',
  'test/e2e/**/*.servers.spec.ts',
  'test/chaos/**/*.servers.spec.ts',
];

/** Spec files that run at once. Most wait for servers of their own to start, and left to itself Vitest takes one core fewer than there are. */
export const SIDE_BY_SIDE = Math.max(2, availableParallelism() - 1);
