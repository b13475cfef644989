import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { follow } from '../../../src/adapters/sqlite/event-log-subscription.ts';
import { openWake, sharedWake } from '../../../src/adapters/sqlite/event-log-wake.ts';

const ENDED = { done: true, value: undefined };

/** A subscription to an empty log. */
const subscribed = (left: AbortController) => {
  const closed = new AbortController();
  const wake = openWake(sharedWake(), false);
  const scan = () => () => ({ events: [], position: 0n, caughtUp: true });
  const batches = follow({ wake, scan }, { after: 0n, signal: left.signal }, closed.signal);
  return {
    batches: batches[Symbol.asyncIterator](),
    listeners: () => getEventListeners(closed.signal, 'abort').length,
  };
};

it('lets go of the log when it is left while it waits', async () => {
  const left = new AbortController();
  const { batches, listeners } = subscribed(left);
  await batches.next();
  const pending = batches.next();
  expect(listeners()).toBe(1);
  left.abort();
  expect([await pending, await batches.next(), listeners()]).toEqual([ENDED, ENDED, 0]);
});

it('lets go of the log when it was left before it began', async () => {
  const left = new AbortController();
  left.abort();
  const { batches, listeners } = subscribed(left);
  expect([await batches.next(), listeners()]).toEqual([ENDED, 0]);
});
