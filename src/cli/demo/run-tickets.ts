import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from './api.ts';
import type { Progress, SeenEvent } from './progress.ts';
import type { Ticket } from './tickets.ts';

const EMIT = `mutation ($ticket: JSON!, $key: String!) {
  emitEvent(type: "ticket:created", payload: $ticket, idempotencyKey: $key) {
    position executions { executionId }
  }
}`;

const FOLLOW = `subscription ($workflow: String!, $after: Position!) {
  events(filter: { workflow: $workflow, categories: [EXECUTION] }, after: $after) {
    type stream at position facts
  }
}`;

interface Emitted {
  readonly emitEvent: {
    readonly position: string;
    readonly executions: readonly { readonly executionId: string }[];
  };
}

/** Milliseconds between tickets: slow enough to be watched. */
const PACE = 40;

/** The executions that tickets started, all of them ended. */
export interface Ran {
  readonly ids: readonly string[];
  /** Of the last event that was seen. */
  readonly position: string;
}

/**
 * Emits tickets one after the other and follows what they start until all of it has ended.
 */
export const runTickets = async (
  api: Api,
  workflow: string,
  tickets: readonly Ticket[],
  progress: Progress,
): Promise<Ran> => {
  const ids: string[] = [];
  const emit = async (ticket: Ticket): Promise<string> => {
    const { emitEvent } = await api.query<Emitted>(EMIT, { ticket, key: ticket.ticket_id });
    ids.push(...emitEvent.executions.map(({ executionId }) => executionId));
    return emitEvent.position;
  };

  const { promise: over, resolve: end, reject } = Promise.withResolvers<void>();
  const [first, ...rest] = tickets;
  let position = first === undefined ? '0' : await emit(first);
  let emitted = false;
  const look = (): void => {
    if (emitted && ids.every((id) => progress.hasEnded(id))) end();
  };
  const next = (data: unknown): void => {
    const { events: event } = data as { readonly events: SeenEvent };
    progress.add(event);
    position = event.position;
    look();
  };
  const leave = api.subscribe(FOLLOW, { workflow, after: position }, next, reject);
  try {
    for (const ticket of rest) {
      await pause(PACE);
      await emit(ticket);
    }
    emitted = true;
    look();
    await over;
  } finally {
    leave();
  }
  return { ids, position };
};
