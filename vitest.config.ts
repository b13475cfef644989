import { defineConfig } from 'vitest/config';
import { PATIENCE, SIDE_BY_SIDE, SOURCE, SUITES_ON_SERVERS } from './vitest.shared.ts';

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
          exclude: [...SUITES_ON_SERVERS],
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
