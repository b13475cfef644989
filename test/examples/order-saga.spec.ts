import { describe, expect, it } from 'vitest';
import { storyOf } from './stories.ts';

describe('order_saga', () => {
  const run = (order: string) => storyOf('order_saga', { event: { order_id: order, amount: 99.5 } });

  it('reserves, charges, and fulfils side by side', async () => {
    expect(await run('O-1')).toMatchObject({
      status: 'completed',
      steps: [
        'reserve_stock completed',
        'charge_card completed',
        'fulfil[papers].write_invoice completed',
        'fulfil[parcel].book_carrier completed',
        'fulfil completed',
        'confirm_order completed',
      ],
      variables: { reservation: 'R-O-1', payment: 'P-O-1', tracking: 'T-R-O-1' },
    });
  });

  it('tries to charge again, and goes on without a confirmation', async () => {
    const { steps } = await run('O-3');
    expect(steps.slice(1, 3)).toEqual(['charge_card retry_scheduled', 'charge_card completed']);
    const silent = await run('O-5');
    expect([silent.status, ...silent.steps.slice(-2)]).toEqual([
      'completed',
      'confirm_order failed',
      'confirm_order skipped',
    ]);
  });

  it('is undone when the card is declined', async () => {
    expect(await run('O-7')).toMatchObject({
      status: 'compensated',
      error: 'CardDeclined',
      steps: [
        'reserve_stock completed',
        'charge_card failed',
        'reserve_stock compensated',
        'apologise compensated',
      ],
    });
  });

  it('is undone in reverse when nobody takes the parcel', async () => {
    const { status, steps, error } = await run('O-9');
    expect([status, error]).toEqual(['compensated', 'NoCarrier']);
    expect(steps.slice(2)).toEqual([
      'fulfil[papers].write_invoice completed',
      'fulfil[parcel].book_carrier failed',
      'fulfil failed',
      'fulfil[papers].write_invoice compensated',
      'charge_card compensated',
      'reserve_stock compensated',
      'apologise compensated',
    ]);
  });
});
