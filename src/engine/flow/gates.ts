import type { ActivityStep } from '../../domain/definition/definition.ts';
import { limitRefusal } from '../../domain/execution/limit-refusals.ts';
import type { Passed } from '../../domain/execution/admission-events.ts';
import type { Admit, ExecutionCommand } from '../../domain/execution/commands.ts';
import type { ExecutionEvent } from '../../domain/execution/events.ts';
import { nameOf } from '../../domain/execution/path.ts';
import {
  pendingOf,
  type Pending,
  type PendingAdmission,
  type PendingAttempt,
  type PendingRun,
} from '../../domain/execution/pending.ts';
import { stepOf } from '../../domain/execution/state.ts';
import type { Breaker } from '../../domain/flow/breaker.ts';
import type { AttemptId, ByAttempt } from '../../domain/flow/breaker-events.ts';
import { keyOfLimit } from '../../domain/flow/limits.ts';
import type { Capacity } from '../../domain/flow/resources.ts';
import type { LiveExecution } from '../../commands/executions.ts';
import { createBreakers, type Answer } from './breakers.ts';
import { endedCall } from './call-outcome.ts';
import { createLimiters, HANDED_OVER, type AtLimit } from './limiters.ts';
import { createRates } from './rates.ts';
import { createReservations } from './reservations.ts';
import { createRuns, isOfRun } from './runs.ts';
import type { SharedParts } from './shared-streams.ts';
import type { Seat } from '../workers/claims.ts';
import { createTickets, type Ticket } from './tickets.ts';

/** What gates need. */
export interface GatesOptions extends SharedParts {
  /** What calls of this node may take at once. */
  readonly capacity: Capacity;
  /** Whether this node itself makes calls of an activity. */
  readonly makes: (activity: string) => boolean;
  readonly load: (id: string) => Promise<LiveExecution | undefined>;
  /** Resolves with whether an attempt may be begun for an execution here, once that is certain. */
  readonly whenTaken: (id: string) => Promise<boolean>;
  /** Carries out what the engine itself has to say of an execution, as long as that is this node's. */
  readonly tell: (id: string, command: ExecutionCommand) => Promise<unknown>;
  /** The worker that makes an attempt of a step's activity; nothing where a node does, or where none comes for a while. */
  readonly seat: (id: string, step: string, activity: string) => Promise<Seat | undefined>;
  /** Tells an execution that an attempt is let through, and who makes it. */
  readonly admit: (id: string, command: Admit, seat: Seat | undefined) => Promise<unknown>;
  /** Sees to it that nothing that goes wrong with an execution goes unseen. */
  readonly report: (id: string, work: Promise<unknown>) => void;
}

/** What limits the calls of activities: attempts ask it, and it is told how they ended. */
export interface Gates {
  /** The breaker of an activity as it is known here; `undefined` while it is not. */
  breaker(activity: string): Breaker | undefined;
  /** Asks for an attempt, or for the whole run, once; the execution is told the answer. */
  ask(execution: LiveExecution, waits: PendingAdmission | PendingRun): void;
  /** Takes over the places of an attempt that was begun elsewhere. */
  adopt(execution: LiveExecution, waits: PendingAttempt): void;
  /** Takes note of calls that ended with these events, which are durable. */
  committed(execution: LiveExecution, events: readonly ExecutionEvent[]): void;
  /** Takes note of what an execution does not wait for any more, however that came. */
  keepOnly(execution: LiveExecution, pending: readonly Pending[]): void;
  /** Forgets executions that are another node's, which has their places from now on. */
  forget(ids: (id: string) => boolean): void;
  /** Resolves once everything that ended is taken note of. Never rejects. */
  settled(): Promise<void>;
}

const limitedStep = ({ definition }: LiveExecution, path: string): ActivityStep | undefined => {
  const step = definition.places.get(nameOf(path))?.step;
  if (step?.kind !== 'activity') return undefined;
  const { breaker, limits, rate, needs } = step;
  return (breaker ?? limits ?? rate ?? needs) === undefined ? undefined : step;
};

/** Events after which an execution makes none of the attempts that it had or asked for, or waits for none. */
const ENDS_MANY: ReadonlySet<ExecutionEvent['type']> = new Set([
  'execution.cancelled',
  'execution.completed',
  'execution.failed',
  'execution.paused',
  'saga.compensating',
]);

/** Whether an execution waits to make an attempt, or for its end. */
const waitsFor =
  ({ step, attempt }: Pick<AttemptId, 'step' | 'attempt'>) =>
  (waits: Pending): boolean =>
    (waits.kind === 'admission' || (waits.kind === 'attempt' && !waits.compensation)) &&
    waits.step === step &&
    waits.attempt === attempt;

/** Puts gates before the calls of a node. */
export const createGates = (options: GatesOptions): Gates => {
  const { load, over, report, whenTaken, tell } = options;
  const tickets = createTickets();
  const noting = new Set<Promise<unknown>>();

  const isOpen = async ({ executionId, ...attempt }: AttemptId): Promise<boolean> => {
    if (isOfRun(attempt)) return runs.isOpen({ executionId, ...attempt });
    const execution = await load(executionId);
    if (execution === undefined) return false;
    return pendingOf(execution.definition, execution.state).some(waitsFor(attempt));
  };
  const breakers = createBreakers({ ...options, isOpen });
  const limiters = createLimiters({ ...options, isOpen });
  const rates = createRates(options);
  const reservations = createReservations(options.capacity, over);
  const runs = createRuns({ ...options, limiters, note: (id, work) => note(id, work) });

  const byOf = (
    { id, state, head }: LiveExecution,
    { step, attempt, activity }: Omit<PendingAdmission, 'kind'>,
  ): ByAttempt => ({
    key: activity,
    workflow: state.workflow,
    executionId: id,
    step,
    attempt,
    revision: head.revision,
  });

  const note = (id: string, work: Promise<unknown>): void => {
    const noted = work.finally(() => noting.delete(noted));
    noting.add(noted);
    report(id, noted);
  };

  const atLimits = ({ by, step, asked: { lane, priority } }: Ticket): readonly AtLimit[] =>
    (step.limits ?? []).map((limit) => {
      const at = { ...by, limit, activity: step.activity };
      if (limit.gate === 'bulkhead') return at;
      return {
        ...at,
        ...(lane === undefined ? {} : { lane }),
        ...(priority === undefined ? {} : { priority }),
      };
    });

  const leave = (ticket: Ticket): void => {
    const { places, by } = ticket;
    ticket.places = [];
    for (const at of places)
      note(by.executionId, limiters.leave({ ...at, gate: at.limit.gate, key: keyOfLimit(at) }));
  };

  /** Lets go of an attempt that is over, or that nobody wants any more. */
  const close = (ticket: Ticket): void => {
    const { by, step, isProbe, drop } = ticket;
    tickets.remove(ticket);
    drop.abort();
    reservations.leave(ticket);
    leave(ticket);
    if (isProbe && step.breaker !== undefined)
      note(by.executionId, breakers.report(by, { kind: 'neither', errorType: 'Cancelled' }, step.breaker));
  };

  /** Reserves what a call takes of this node; what a worker makes takes nothing of it. Nothing when it is not waited for. */
  const reserve = async (ticket: Ticket): Promise<readonly Passed[] | undefined> => {
    const { by, step, drop } = ticket;
    if (step.needs === undefined || !options.makes(step.activity)) return [];
    const place = { step: by.step, attempt: by.attempt, key: options.capacity.node };
    return reservations.enter(ticket, step.needs, drop.signal, (waits) =>
      tell(by.executionId, { type: 'queue', ...place, ...waits }),
    );
  };

  /** Asks one gate after the other, always in the same order, so that nobody waits for somebody who waits for him. */
  const pass = async (ticket: Ticket): Promise<Answer | undefined> => {
    const { by, step, drop } = ticket;
    const { executionId: id, step: path, attempt } = by;
    const passed: Passed[] = [];
    const early = await breakers.look(step, by);
    if (early !== undefined) return early;
    for (const at of atLimits(ticket)) {
      const { limit } = at;
      const key = keyOfLimit(at);
      ticket.places = [...ticket.places, at];
      const entrance = await limiters.enter(at, drop.signal, (position, of) =>
        tell(id, { type: 'queue', step: path, attempt, gate: limit.gate, key, position, of }),
      );
      if (entrance.kind === 'dropped') return undefined;
      const { kind, count, of } = entrance;
      if (kind !== 'in') return { admitted: false, refusal: limitRefusal(limit, kind, key, count, of) };
      passed.push({ gate: limit.gate, key, count, of });
    }
    const reserved = await reserve(ticket);
    if (reserved === undefined) return undefined;
    passed.push(...reserved);
    const { rate } = step;
    if (rate !== undefined) {
      const { rateKey } = ticket.asked;
      const key = rateKey === undefined ? step.activity : `${step.activity}#${rateKey}`;
      const at = { ...by, key, rate };
      const entrance = await rates.enter(at, drop.signal, (position, of) =>
        tell(id, { type: 'queue', step: path, attempt, gate: 'rate_limit', key, position, of }),
      );
      if (entrance.kind !== 'in') return undefined;
      passed.push({ gate: 'rate_limit', key, count: entrance.count, of: entrance.of });
    }
    const answer = await breakers.ask(step, by);
    return answer.admitted ? { admitted: true, passed: [...passed, ...answer.passed] } : answer;
  };

  const answer = async (ticket: Ticket): Promise<void> => {
    const { by, drop } = ticket;
    const { executionId: id, step, attempt } = by;
    const said = await pass(ticket);
    if (said?.admitted) ticket.isProbe = said.passed.some(({ gate }) => gate === 'circuit_breaker');
    const seat = said?.admitted ? await options.seat(id, step, ticket.step.activity) : undefined;
    // Whoever goes on with the execution asks again, and is told the same.
    if (said === undefined || !(await whenTaken(id)) || over.aborted || drop.signal.aborted) {
      seat?.free();
      return;
    }
    ticket.isAsking = false;
    if (said.admitted) {
      await options.admit(id, { type: 'admit', step, attempt, passed: said.passed }, seat);
      return;
    }
    // What follows from the answer may be that it asks again.
    close(ticket);
    await tell(id, { type: 'reject', step, attempt, refusal: said.refusal });
  };

  /** Nothing limits it any more. */
  const admitUnasked = async (id: string, { step, attempt, activity }: PendingAdmission): Promise<void> => {
    const seat = await options.seat(id, step, activity);
    await options.admit(id, { type: 'admit', step, attempt, passed: [] }, seat);
  };

  /** Gives back the places of an attempt that was begun elsewhere and is over before it was taken up here: nobody else does. */
  const leaveUnknown = (execution: LiveExecution, path: string, attempt: number): void => {
    const step = limitedStep(execution, path);
    if (step?.limits === undefined) return;
    const by = byOf(execution, { step: path, attempt, activity: step.activity });
    if (tickets.get(by) !== undefined) return;
    const { lane } = stepOf(execution.state, path) ?? {};
    const at = { ...by, activity: step.activity, ...(lane === undefined ? {} : { lane }) };
    for (const limit of step.limits)
      note(by.executionId, limiters.leave({ ...by, gate: limit.gate, key: keyOfLimit({ ...at, limit }) }));
  };

  /** What is over by an event that does not say so of each attempt. */
  const endedWith = (execution: LiveExecution, event: ExecutionEvent): void => {
    if (event.type === 'step.skipped' && event.facts.reason === 'operator') {
      const { attempt = 0 } = stepOf(execution.state, event.facts.step) ?? {};
      for (const one of [attempt, attempt + 1]) leaveUnknown(execution, event.facts.step, one);
    }
    if (!ENDS_MANY.has(event.type)) return;
    const isPaused = event.type === 'execution.paused';
    for (const [path, { done, asks = false, attempt }] of Object.entries(execution.state.steps))
      if (!done && (asks || !isPaused)) leaveUnknown(execution, path, asks ? attempt + 1 : attempt);
  };

  const ended = (execution: LiveExecution, event: ExecutionEvent, revision: number): void => {
    endedWith(execution, event);
    const step = 'step' in event.facts ? limitedStep(execution, event.facts.step) : undefined;
    if (step === undefined) return;
    const call = endedCall(event, step.breaker);
    if (call === undefined || call.activity !== step.activity) return;
    const by = { ...byOf(execution, call), revision };
    const ticket = tickets.get(by);
    leaveUnknown(execution, call.step, call.attempt);
    if (step.breaker === undefined) return;
    if (ticket !== undefined) ticket.isProbe = false;
    note(execution.id, breakers.report(by, call.outcome, step.breaker));
  };

  return {
    breaker: breakers.known,
    ask: (execution, waits) => {
      if (waits.kind === 'run') {
        runs.ask(execution, waits);
        return;
      }
      const by = byOf(execution, waits);
      const step = limitedStep(execution, waits.step);
      const known = tickets.get(by);
      if (known?.isAsking === true) return;
      if (step === undefined) {
        report(execution.id, admitUnasked(execution.id, waits));
        return;
      }
      const ticket = known ?? tickets.open(by, step, waits);
      ticket.isAsking = true;
      report(
        by.executionId,
        answer(ticket).finally(() => (ticket.isAsking = false)),
      );
    },
    adopt: (execution, waits) => {
      const step = waits.compensation ? undefined : limitedStep(execution, waits.step);
      const by = byOf(execution, waits);
      if (step?.limits === undefined || tickets.get(by) !== undefined) return;
      const ticket = tickets.open(by, step, waits);
      ticket.places = atLimits(ticket);
    },
    committed: (execution, events) => {
      const first = execution.head.revision + 1 - events.length;
      for (const [index, event] of events.entries()) ended(execution, event, first + index);
    },
    keepOnly: (execution, pending) => {
      runs.met(execution, pending);
      for (const ticket of tickets.of(execution.id)) if (!pending.some(waitsFor(ticket.by))) close(ticket);
    },
    forget: (ids) => {
      runs.forget(ids);
      for (const ticket of tickets.removeAll(ids)) {
        ticket.drop.abort(HANDED_OVER);
        reservations.leave(ticket);
      }
    },
    settled: async () => {
      while (noting.size > 0) await Promise.allSettled(noting);
    },
  };
};
