import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { defineActivity, type ActivityContext } from 'sagalog';

const CALLS = process.env['KILL_CALLS'] ?? '';

/** Writes down that it was called, where a killed process leaves it, and takes a moment. */
const work = async ({ executionId, step, attempt }: ActivityContext): Promise<void> => {
  appendFileSync(CALLS, `${executionId} ${step} ${attempt}\n`);
  await pause(10);
};

export const repeatable = defineActivity({ name: 'repeatable', idempotent: true, run: work });
export const once = defineActivity({ name: 'once', run: work });
