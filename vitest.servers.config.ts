import { defineConfig } from 'vitest/config';
import { PATIENCE, SIDE_BY_SIDE, SOURCE, SUITES_ON_SERVERS } from './vitest.shared.ts';

/** The suites that need servers: started by the suites, or named by EVENTSTORE_URL and MONGODB_URL. */
export default defineConfig({
  ...SOURCE,
  test: {
    include: [...SUITES_ON_SERVERS],
    globalSetup: 'test/e2e/build.setup.ts',
    maxWorkers: SIDE_BY_SIDE,
    ...PATIENCE,
  },
});
