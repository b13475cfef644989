import { defineConfig } from 'vitest/config';
import { SOURCE, SUITES_ON_SERVERS } from './vitest.shared.ts';

/** Everything that needs nothing but Node. */
export default defineConfig({
  ...SOURCE,
  test: {
    include: ['test/**/*.spec.ts'],
    exclude: [...SUITES_ON_SERVERS],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
