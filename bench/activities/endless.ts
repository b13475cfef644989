import { defineActivity } from 'sagalog';

/** Begins and does not end, so that its execution is still running whenever a server starts. */
export const endless = defineActivity({
  name: 'endless',
  idempotent: true,
  run: () => new Promise<never>(() => undefined),
});
