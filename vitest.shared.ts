/** Lets the tests import the package by its name, from its sources. */
export const SOURCE = { ssr: { resolve: { conditions: ['sagalog-source', 'module', 'node', 'import'] } } };

/** The specs that talk to servers other than our own. */
export const SUITES_ON_SERVERS = [
  'test/adapters/eventstoredb/**/*.spec.ts',
  'test/adapters/mongodb/**/*.spec.ts',
  'test/servers/**/*.spec.ts',
  'test/**/*.differential.spec.ts',
];
