import { defineConfig } from 'vitest/config';
import { PATIENCE, SOURCE, SUITES_ON_SERVERS } from './vitest.shared.ts';

/** Everything that needs nothing but Node. */
export default defineConfig({
  ...SOURCE,
  test: {
    include: ['test/**/*.spec.ts'],
    exclude: [...SUITES_ON_SERVERS],
    ...PATIENCE,
  },
});
