/**
 * Lets the tests import the package by its name, from its sources. The package graphql has two entries, and its types
 * must be the ones that Node gives to the libraries.
 */
export const SOURCE = {
  ssr: { resolve: { conditions: ['sagalog-source', 'module', 'node', 'import'] } },
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
};

/** The specs that talk to servers other than our own. */
export const SUITES_ON_SERVERS = [
  'test/adapters/eventstoredb/**/*.spec.ts',
  'test/adapters/mongodb/**/*.spec.ts',
  'test/servers/**/*.spec.ts',
  'test/**/*.differential.spec.ts',
];
