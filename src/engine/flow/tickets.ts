import type { ActivityStep } from '../../domain/definition/definition.ts';
import type { PendingAdmission } from '../../domain/execution/pending.ts';
import type { ByAttempt } from '../../domain/flow/breaker-events.ts';
import type { AtLimit } from './limiters.ts';

/** What limits are asked for it by. */
export type Asked = Pick<PendingAdmission, 'rateKey' | 'lane' | 'priority'>;

/** An attempt that asks, or is made. */
export interface Ticket {
  readonly by: ByAttempt;
  readonly step: ActivityStep;
  /** Aborted when nobody wants it any more. */
  readonly drop: AbortController;
  readonly asked: Asked;
  /** Where it has a place, or may have one. */
  places: readonly AtLimit[];
  /** It was let through a breaker that is half open, and nothing is known of how it ended. */
  isProbe: boolean;
  isAsking: boolean;
}

type Name = Pick<ByAttempt, 'executionId' | 'step' | 'attempt'>;

/** The tickets of a node, by execution. */
export interface Tickets {
  get(name: Name): Ticket | undefined;
  open(by: ByAttempt, step: ActivityStep, asked: Asked): Ticket;
  /** Takes a ticket away, unless there is another one of its name. */
  remove(ticket: Ticket): void;
  of(executionId: string): readonly Ticket[];
  /** Takes away those of these executions. */
  removeAll(ids: (executionId: string) => boolean): readonly Ticket[];
}

const nameOf = ({ step, attempt }: Name): string => `${step} ${attempt}`;

/** Keeps tickets. */
export const createTickets = (): Tickets => {
  const tickets = new Map<string, Map<string, Ticket>>();

  return {
    get: (name) => tickets.get(name.executionId)?.get(nameOf(name)),
    open: (by, step, asked) => {
      const ticket = {
        by,
        step,
        asked,
        drop: new AbortController(),
        places: [],
        isProbe: false,
        isAsking: false,
      };
      const others = tickets.get(by.executionId) ?? new Map<string, Ticket>();
      tickets.set(by.executionId, others.set(nameOf(by), ticket));
      return ticket;
    },
    remove: (ticket) => {
      const { by } = ticket;
      const others = tickets.get(by.executionId);
      if (others?.get(nameOf(by)) !== ticket) return;
      others.delete(nameOf(by));
      if (others.size === 0) tickets.delete(by.executionId);
    },
    of: (executionId) => [...(tickets.get(executionId)?.values() ?? [])],
    removeAll: (ids) =>
      [...tickets].flatMap(([id, others]) => {
        if (!ids(id)) return [];
        tickets.delete(id);
        return [...others.values()];
      }),
  };
};
