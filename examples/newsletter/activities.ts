import { setImmediate as turn } from 'node:timers/promises';
import { NonRetryable, defineActivity } from 'sagalog';

/** A thousand subscribers, or those of the list `few`. */
export const listSubscribers = defineActivity<{ readonly list: string }>({
  name: 'list_subscribers',
  idempotent: true,
  run: (_ctx, { list }) =>
    Array.from({ length: list === 'few' ? 5 : 1_000 }, (_, n) => `reader-${n + 1}@example.com`),
});

/** Addresses that end in `99` are gone; those in `50` are busy at the first try. */
export const sendLetter = defineActivity<{ readonly to: string; readonly issue: string }>({
  name: 'send_letter',
  run: async ({ attempt }, { to, issue }) => {
    await turn();
    if (to.includes('99@')) throw new NonRetryable(`Nobody is at ${to}.`, { type: 'NoSuchAddress' });
    if (to.includes('50@') && attempt === 1) throw new Error('The mail server is busy.');
    return { sent: issue };
  },
});
