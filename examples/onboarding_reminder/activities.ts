import { setTimeout as pause } from 'node:timers/promises';
import { defineActivity } from 'sagalog';

const STEPS = ['verify_address', 'invite_team', 'connect_inbox'];

/** Users whose id ends in an even digit are done; of the others the digit says how much is left. */
export const lookUpProgress = defineActivity<{ readonly user_id: string }>({
  name: 'look_up_progress',
  idempotent: true,
  run: async ({ signal }, { user_id }) => {
    await pause(20, undefined, { signal });
    const digit = Number(user_id.at(-1));
    const missing = digit % 2 === 0 ? [] : STEPS.slice(digit % STEPS.length);
    return { done: missing.length === 0, missing };
  },
});

export const sendReminder = defineActivity<{ readonly to: string; readonly text: string }>({
  name: 'send_reminder',
  run: async ({ signal, logger }, { to, text }) => {
    await pause(30, undefined, { signal });
    logger.info('Sent a reminder', { to });
    return { sent: true, characters: text.length };
  },
});
