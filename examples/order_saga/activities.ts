import { setTimeout as pause } from 'node:timers/promises';
import { NonRetryable, defineActivity } from 'sagalog';

interface Order {
  readonly order_id: string;
}
interface Payment {
  readonly payment: string;
}

export const reserveStock = defineActivity<Order>({
  name: 'reserve_stock',
  idempotent: true,
  run: async ({ signal }, { order_id }) => {
    await pause(10, undefined, { signal });
    return { reservation: `R-${order_id}` };
  },
});

/** Declines orders that end in `7`, and is away at the first try for those in `3`. The provider knows repeats by their key. */
export const chargeCard = defineActivity<Order & { readonly amount: number }>({
  name: 'charge_card',
  idempotent: true,
  run: async ({ signal, attempt, idempotencyKey }, { order_id, amount }) => {
    await pause(30, undefined, { signal });
    if (order_id.endsWith('7'))
      throw new NonRetryable(`The card of order ${order_id} was declined.`, { type: 'CardDeclined' });
    if (order_id.endsWith('3') && attempt === 1) throw new Error('The payment provider answered 503.');
    return { payment: `P-${order_id}`, amount, reference: idempotencyKey };
  },
});

/** Finds no carrier for orders that end in `9`, once the invoice is written. */
export const bookCarrier = defineActivity<{ readonly reservation: string }>({
  name: 'book_carrier',
  run: async ({ signal }, { reservation }) => {
    await pause(40, undefined, { signal });
    if (reservation.endsWith('9'))
      throw new NonRetryable(`Nobody takes ${reservation} there.`, { type: 'NoCarrier' });
    return { tracking: `T-${reservation}` };
  },
});

export const writeInvoice = defineActivity<Payment>({
  name: 'write_invoice',
  run: async ({ signal }, { payment }) => {
    await pause(10, undefined, { signal });
    return { invoice: `I-${payment}` };
  },
});

/** Fails for orders that end in `5`, which are sent without a word. */
export const confirmOrder = defineActivity<Order>({
  name: 'confirm_order',
  run: async ({ signal }, { order_id }) => {
    await pause(10, undefined, { signal });
    if (order_id.endsWith('5')) throw new Error('The mail server refused the message.');
    return { confirmed: order_id };
  },
});

export const releaseStock = defineActivity<{ readonly reservation: string }>({
  name: 'release_stock',
  idempotent: true,
  run: (_ctx, { reservation }) => ({ released: reservation }),
});

export const refundCard = defineActivity<Payment & { readonly why: string }>({
  name: 'refund_card',
  idempotent: true,
  run: (_ctx, { payment, why }) => ({ refunded: payment, why }),
});

export const voidInvoice = defineActivity<{ readonly invoice: string }>({
  name: 'void_invoice',
  idempotent: true,
  run: (_ctx, { invoice }) => ({ void: invoice }),
});

export const apologise = defineActivity<Order>({
  name: 'apologise',
  run: ({ logger }, { order_id }) => {
    logger.info('Told the buyer that the order was undone', { order_id });
    return { told: true };
  },
});
