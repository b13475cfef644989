import { defineActivity } from './define-activity.ts';

/** The built-in `transform`: answers its input, so that the expressions in `input:` do the work. */
export const transformActivity = defineActivity({
  name: 'transform',
  idempotent: true,
  run: (_, input) => input,
});
