import { defineConfig } from 'vitest/config';
import { PATIENCE, SIDE_BY_SIDE, SOURCE, SUITES_ON_SERVERS } from './vitest.shared.ts';

/** Specs that look at all that decorators have collected in a process, or take its clock away. */
const ALONE_IN_A_PROCESS = [
  'test/graphql/deprecations.spec.ts',
  'test/graphql/schema-decisions.spec.ts',
  'test/graphql/schema.spec.ts',
  'test/server/store-calls.spec.ts',
  'test/server/tenants.spec.ts',
  'test/simulation/determinism.spec.ts',
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
          exclude: [...SUITES_ON_SERVERS, ...ALONE_IN_A_PROCESS],
          // Most are short, and loading what they test took as long as they do.
          isolate: false,
          ...PATIENCE,
        },
      },
      {
        ...SOURCE,
        test: {
          name: 'alone',
          include: ALONE_IN_A_PROCESS,
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
