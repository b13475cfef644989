import type { Message } from '../../../src/ports/notifier.ts';
import { NotDelivered } from '../../../src/ports/notifier.ts';

/** A message to be sent. */
export const MESSAGE: Message = {
  id: '5c2d6a0e-0000-5000-8000-000000000001',
  workflow: 'refund',
  execution: 'e1',
  step: 'pay',
  channel: 'webhook',
  recipient: 'admins',
  about: 'execution.failed',
  subject: 'refund failed at pay: Declined & <done>',
  text: 'Error: Declined\nnaïve <!channel>',
  attempt: 2,
  requestedAt: Date.UTC(2026, 0, 31, 9),
};

/** A signal that nobody aborts. */
export const CALM = new AbortController().signal;

/** How something was not delivered; throws when it was. */
export const undelivered = async (work: Promise<void>): Promise<NotDelivered> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof NotDelivered) return error;
  throw new Error(`Expected it not to be delivered, but: ${String(error)}`);
};
