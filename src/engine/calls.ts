import type { Json } from '../domain/json.ts';
import type { Pending, PendingAttempt } from '../domain/execution/pending.ts';
import type { LiveExecution } from '../commands/executions.ts';
import type { Activities } from '../ports/activities.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { activityLogger } from './activity-logger.ts';
import { callActivity, type Outcome } from './attempt.ts';
import type { Owned } from './owned.ts';
import { createSchemas } from './schemas.ts';
import { timeoutOf } from './timeout.ts';

/** What calls are made with. */
export interface CallsOptions {
  readonly activities: Activities;
  readonly owned: Owned;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The most bytes of an output. */
  readonly maxPayload: number;
  /** Once true, nothing is called, and nobody wants to know how a call ended. */
  readonly stopped: () => boolean;
  /** Records how a call ended. Nothing waits for a call that this rejects for. */
  readonly record: (id: string, attempt: PendingAttempt, outcome: Outcome) => Promise<void>;
}

/** The calls of activities that are under way: one an execution at most. */
export interface Calls {
  readonly size: number;
  /** Whether one of these executions has a call under way. */
  some(ids: (id: string) => boolean): boolean;
  /** Whether this very attempt is under way here. */
  isUnderWay(id: string, attempt: PendingAttempt): boolean;
  /** Calls the activity of an attempt whose start is durable. */
  begin(execution: LiveExecution, attempt: PendingAttempt, input: Json): void;
  /** Lets go of a call that is not what the execution waits for. */
  keepOnly(id: string, pending: Pending | undefined): void;
  /** Lets go of the calls of these executions: what they come to is not recorded. */
  giveUp(ids: (id: string) => boolean, why: string): void;
  /** Resolves when the next call is let go of, or when nobody waits for that any more. */
  next(over: AbortSignal): Promise<void>;
}

interface Running {
  readonly attempt: PendingAttempt;
  readonly abort: AbortController;
  /** It has ended; what it came to is being recorded. */
  ended: boolean;
}

/** Makes calls. */
export const createCalls = (options: CallsOptions): Calls => {
  const { activities, owned, logger, stopped, record } = options;
  const parts = { clock: options.clock, schemas: createSchemas(), maxPayload: options.maxPayload };
  const running = new Map<string, Running>();
  const waiting = new Set<() => void>();

  const remove = (id: string): void => {
    running.delete(id);
    for (const wake of waiting) wake();
  };

  const letGo = (id: string, { ended, abort }: Running, why: string): void => {
    remove(id);
    if (!ended) abort.abort(new DOMException(why, 'AbortError'));
  };

  const isUnderWay = (id: string, { step, attempt, compensation }: PendingAttempt): boolean => {
    const known = running.get(id)?.attempt;
    return known?.step === step && known.attempt === attempt && known.compensation === compensation;
  };

  const contextOf = ({ id, state }: LiveExecution, { step, attempt, compensation }: PendingAttempt) => ({
    executionId: id,
    workflow: state.workflow,
    step,
    attempt,
    idempotencyKey: `${id}:${step}${compensation ? ':compensation' : ''}`,
    logger: activityLogger(logger, id, step),
    traceparent: undefined,
  });

  const begin: Calls['begin'] = (execution, attempt, input) => {
    const { id, definition } = execution;
    const activity = activities.find(attempt.activity);
    if (activity === undefined)
      throw new TypeError(`Expected somebody to serve "${attempt.activity}", but nobody does.`);
    const abort = new AbortController();
    const mine: Running = { attempt, abort, ended: false };
    running.set(id, mine);
    const context = contextOf(execution, attempt);
    const timeout = timeoutOf(definition, attempt);
    const isWanted = (): boolean => running.get(id) === mine && !stopped();

    const make = async (): Promise<void> => {
      const outcome = await callActivity({ activity, input, context, abort, timeout }, parts);
      mine.ended = true;
      if (!isWanted()) return;
      try {
        await record(id, attempt, outcome);
      } catch {
        // Nothing records it any more: whoever drains the execution must not wait for it.
        if (running.get(id) === mine) remove(id);
      }
    };
    const makeIfHeld = (): void => {
      if (!isWanted()) return;
      // Whoever slept since the start became durable may have lost the execution: nothing may come in between.
      if (owned.holds(id)) void make();
      else void owned.whenHeld(id).then((held) => (held ? makeIfHeld() : lose(id, mine)));
    };
    makeIfHeld();
  };

  const lose = (id: string, call: Running): void => {
    if (running.get(id) === call) letGo(id, call, 'Another node goes on with it.');
  };

  return {
    get size() {
      return running.size;
    },
    some: (ids) => [...running.keys()].some(ids),
    isUnderWay,
    begin,
    keepOnly: (id, pending) => {
      const call = running.get(id);
      if (call === undefined || (pending?.kind === 'attempt' && isUnderWay(id, pending))) return;
      letGo(id, call, 'The result is not wanted any more.');
    },
    giveUp: (ids, why) => {
      for (const [id, call] of running) if (ids(id)) letGo(id, call, why);
    },
    next: (over) =>
      new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          over.removeEventListener('abort', wake);
          resolve();
        };
        waiting.add(wake);
        over.addEventListener('abort', wake);
        if (over.aborted) wake();
      }),
  };
};
