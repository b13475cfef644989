import { defineConfig } from 'vitest/config';
import { PATIENCE, SIDE_BY_SIDE, SOURCE, SUITES_ON_SERVERS } from './vitest.shared.ts';

/** Specs of what decorators collect in a process, which is to be that of the product alone. */
const OF_ALL_THAT_IS_LOADED = [
  'test/graphql/deprecations.spec.ts',
  'test/graphql/schema-decisions.spec.ts',
  'test/graphql/schema.spec.ts',
  'test/server/store-calls.spec.ts',
  'test/server/tenants.spec.ts',
];

/** Everything that needs nothing but Node: the specs of the parts, and those of the built server in processes of its own. */
export default defineConfig({
  test: {
    maxWorkers: SIDE_BY_SIDE,
    projects: [
      {
        ...SOURCE,
        test: {
          name: 'parts',
          include: ['test/**/*.spec.ts'],
          exclude: [...SUITES_ON_SERVERS, ...OF_ALL_THAT_IS_LOADED],
          // Most are short, and loading what they test took as long as they do.
          isolate: false,
          ...PATIENCE,
        },
      },
      {
        ...SOURCE,
        test: {
          name: 'loaded',
          include: OF_ALL_THAT_IS_LOADED,
          ...PATIENCE,
        },
      },
      {
        ...SOURCE,
        test: {
          name: 'server',
          include: ['test/e2e/**/*.e2e-spec.ts', 'test/chaos/**/*.e2e-spec.ts'],
          globalSetup: 'test/e2e/build.setup.ts',
          ...PATIENCE,
        },
      },
    ],
  },
});
