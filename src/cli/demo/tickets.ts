/** A ticket as a help desk's system would tell of it. */
export interface Ticket {
  readonly ticket_id: string;
  readonly subject: string;
  readonly customer: string;
  readonly priority: 'high' | 'low';
}

const SUBJECTS = [
  'Checkout answers 500 for every card',
  'Nobody can log in since 09:10',
  'Invoices are sent twice',
  'Webhook deliveries stopped',
  'Export of orders is empty',
  'Search finds nothing in the archive',
  'Password mails arrive an hour late',
];

const CUSTOMERS = ['Arctic Bikes', 'Café Lumen', 'Delfin Logistics', 'Ostara Health', '北方书店'];

const EVERY_SIXTH = 6;

/**
 * Tickets 1 to `count` of a run, numbered `T-<run>-01` and on. Every sixth has a low priority, which starts nothing.
 * The activities of the example fail by the end of the number, so each run has every kind of end.
 */
export const ticketsOf = (run: number, count: number): readonly Ticket[] =>
  Array.from({ length: count }, (_, index) => ({
    ticket_id: `T-${run}-${String(index + 1).padStart(2, '0')}`,
    subject: SUBJECTS[index % SUBJECTS.length] ?? '',
    customer: CUSTOMERS[index % CUSTOMERS.length] ?? '',
    priority: index % EVERY_SIXTH === EVERY_SIXTH - 1 ? 'low' : 'high',
  }));
