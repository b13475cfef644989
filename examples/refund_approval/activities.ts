import { setTimeout as pause } from 'node:timers/promises';
import { NonRetryable, defineActivity } from 'sagalog';

interface Order {
  readonly order_id: string;
  readonly amount: number;
}

/** Refuses orders that end in `9`: they were refunded before. */
export const checkOrder = defineActivity<Order>({
  name: 'check_order',
  idempotent: true,
  run: async ({ signal }, { order_id }) => {
    await pause(15, undefined, { signal });
    if (order_id.endsWith('9'))
      throw new NonRetryable(`Order ${order_id} was refunded before.`, { type: 'AlreadyRefunded' });
    return { payment_id: `P-${order_id}` };
  },
});

/** Fails the first two times for payments that end in `3`. The provider knows repeated calls by their key. */
export const payBack = defineActivity<{ readonly payment_id: string; readonly amount: number }>({
  name: 'pay_back',
  idempotent: true,
  run: async ({ signal, attempt, idempotencyKey }, { payment_id, amount }) => {
    await pause(40, undefined, { signal });
    if (payment_id.endsWith('3') && attempt < 3) throw new Error('The payment provider answered 503.');
    return { paid: amount, reference: idempotencyKey };
  },
});

/** Fails for orders that end in `5`; the definition goes on without a receipt. */
export const sendReceipt = defineActivity<{ readonly order_id: string; readonly outcome: string }>({
  name: 'send_receipt',
  run: async ({ signal }, { order_id }) => {
    await pause(10, undefined, { signal });
    if (order_id.endsWith('5')) throw new Error('The mail server refused the message.');
    return { sent: true };
  },
});
