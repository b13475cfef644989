import { setTimeout as pause } from 'node:timers/promises';
import { NonRetryable, defineActivity, type ActivityContext, type JsonObject } from 'sagalog';

interface Ticket {
  readonly ticket_id: string;
}

const TICKET: JsonObject = {
  type: 'object',
  required: ['ticket_id'],
  properties: { ticket_id: { type: 'string', minLength: 1 } },
};

/** Takes as long as a call to another system would: 10 to 50 ms, always the same for a ticket. */
const call = async ({ signal }: ActivityContext, ticketId: string): Promise<void> => {
  await pause(10 * (1 + (numberOf(ticketId) % 5)), undefined, { signal });
};

const numberOf = (ticketId: string): number => Number(/\d+$/.exec(ticketId)?.[0] ?? 0);

/** Fails for tickets that end in `05`. */
export const notifyTeam = defineActivity<Ticket & { readonly subject: string }>({
  name: 'notify_team',
  input: TICKET,
  run: async (ctx, { ticket_id, subject }) => {
    await call(ctx, ticket_id);
    if (ticket_id.endsWith('05'))
      throw new NonRetryable(`The channel for ${ticket_id} is archived.`, { type: 'ChannelArchived' });
    ctx.logger.info(`Told the team of ${ticket_id}`, { subject });
    return { message_id: `M-${ticket_id}`, channel: '#support-urgent' };
  },
});

/** Fails the first time for tickets that end in `3`, and for good for those that end in `17`. */
export const assignAgent = defineActivity<Ticket>({
  name: 'assign_agent',
  input: TICKET,
  idempotent: true,
  run: async (ctx, { ticket_id }) => {
    await call(ctx, ticket_id);
    if (ticket_id.endsWith('17')) throw named('NoAgentFree', `Nobody is free to take ${ticket_id}.`);
    if (ticket_id.endsWith('3') && ctx.attempt === 1)
      throw named('RosterBusy', 'The roster did not answer in time.');
    return { success: true, agent_id: `A-${400 + (numberOf(ticket_id) % 12)}` };
  },
});

/** Fails for tickets that end in `28`. */
export const setSla = defineActivity<Ticket & { readonly agent_id: string }>({
  name: 'set_sla',
  input: TICKET,
  run: async (ctx, { ticket_id }) => {
    await call(ctx, ticket_id);
    if (ticket_id.endsWith('28'))
      throw named('SlaRejected', `The contract of ${ticket_id} has no urgent service.`);
    return { due_in_minutes: 30 };
  },
});

/** Fails for tickets that end in `39`. */
export const tellCustomer = defineActivity<Ticket & { readonly customer: string; readonly text: string }>({
  name: 'tell_customer',
  input: TICKET,
  run: async (ctx, { ticket_id, customer }) => {
    await call(ctx, ticket_id);
    if (ticket_id.endsWith('39')) throw named('MailboxGone', `The mailbox of ${customer} does not exist.`);
    return { sent: true };
  },
});

export const withdrawNotice = defineActivity<{ readonly message_id: string }>({
  name: 'withdraw_notice',
  idempotent: true,
  run: async (ctx, { message_id }) => {
    await call(ctx, message_id);
    return { withdrawn: message_id };
  },
});

export const unassignAgent = defineActivity<Ticket & { readonly agent_id: string }>({
  name: 'unassign_agent',
  input: TICKET,
  idempotent: true,
  run: async (ctx, { ticket_id, agent_id }) => {
    await call(ctx, ticket_id);
    return { freed: agent_id };
  },
});

export const clearSla = defineActivity<Ticket>({
  name: 'clear_sla',
  input: TICKET,
  idempotent: true,
  run: async (ctx, { ticket_id }) => {
    await call(ctx, ticket_id);
    return { cleared: ticket_id };
  },
});

/** An error of a type that `retry.non_retryable` can name. */
const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
