import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { defineActivity, NonRetryable, type ActivityContext } from 'sagalog';

const CALLS = process.env['CHAOS_CALLS'] ?? '';
const TIME = Number(process.env['CHAOS_CALL_TIME'] ?? '10');

/** Writes down that it was called, where a killed process leaves it, and takes a moment. */
const work = async ({ executionId, step, attempt, idempotencyKey }: ActivityContext): Promise<void> => {
  const what = idempotencyKey.endsWith(':compensation') ? 'undo' : 'do';
  appendFileSync(CALLS, `${executionId} ${what} ${step} ${attempt}\n`);
  await pause(TIME);
};

export const repeatable = defineActivity({ name: 'repeatable', idempotent: true, run: work });
export const once = defineActivity({ name: 'once', run: work });
export const undo = defineActivity({ name: 'undo', run: work });
export const refuse = defineActivity({
  name: 'refuse',
  idempotent: true,
  run: async (context: ActivityContext) => {
    await work(context);
    throw new NonRetryable('This step never succeeds.');
  },
});
