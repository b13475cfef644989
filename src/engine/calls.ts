import type { Json } from '../domain/json.ts';
import type { LogLine } from '../domain/execution/log-events.ts';
import type { Pending, PendingAttempt } from '../domain/execution/pending.ts';
import { progressOf } from '../domain/execution/state.ts';
import { attemptTrace } from './attempt-trace.ts';
import type { LiveExecution } from '../commands/executions.ts';
import type { Activities, Activity } from '../ports/activities.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { openCallLog, type CallLog } from './activity-logger.ts';
import { callActivity, type Outcome } from './attempt.ts';
import type { Owned } from './owned.ts';
import type { Provide } from './provide.ts';
import { createSchemas } from './schemas.ts';
import { isolationOf } from './isolation.ts';
import { timeoutsOf, timeoutsOfWorker } from './timeout.ts';
import type { RemoteCall } from './workers/remote-attempts.ts';

/** What calls are made with. */
export interface CallsOptions {
  readonly activities: Activities;
  /** Does what no activity does. */
  readonly provide: Provide;
  readonly owned: Owned;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The most bytes of an output. */
  readonly maxPayload: number;
  /** Once aborted, nothing is called, and nobody wants to know how a call ended. */
  readonly over: AbortSignal;
  /** Records how a call ended, and what it wrote. Nothing waits for a call that this rejects for. */
  readonly record: (
    id: string,
    attempt: PendingAttempt,
    outcome: Outcome,
    lines: readonly LogLine[],
  ) => Promise<unknown>;
  /** Records what a call has written that goes on. */
  readonly log: (id: string, attempt: PendingAttempt, lines: readonly LogLine[]) => void;
  /** The activity of an attempt that a worker makes. */
  readonly remote: (call: RemoteCall) => Activity;
  /** Records how far a call is. */
  readonly progressed: (id: string, attempt: PendingAttempt, progress: Json) => void;
}

/** The calls of activities that are under way: one a step at most. */
export interface Calls {
  readonly size: number;
  /** Whether one of these executions has a call under way that ends with this node. */
  some(ids: (id: string) => boolean): boolean;
  /** Whether this very attempt is under way here. */
  isUnderWay(id: string, attempt: PendingAttempt): boolean;
  /** Calls the activity of an attempt whose start is durable. */
  begin(execution: LiveExecution, attempt: PendingAttempt, input: Json): void;
  /** Lets go of calls that are not what the execution waits for. */
  keepOnly(id: string, pending: readonly Pending[]): void;
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

const NONE: ReadonlyMap<string, Running> = new Map();

/** Makes calls. */
export const createCalls = (options: CallsOptions): Calls => {
  const { activities, provide, owned, logger, over, record } = options;
  const parts = { clock: options.clock, schemas: createSchemas(), maxPayload: options.maxPayload };
  const running = new Map<string, Map<string, Running>>();
  const waiting = new Set<() => void>();

  const callsOf = (id: string): ReadonlyMap<string, Running> => running.get(id) ?? NONE;

  const add = (id: string, call: Running): void => {
    const calls = running.get(id);
    if (calls === undefined) running.set(id, new Map([[call.attempt.step, call]]));
    else calls.set(call.attempt.step, call);
  };

  const remove = (id: string, call: Running): void => {
    const calls = running.get(id);
    if (calls?.get(call.attempt.step) === call) calls.delete(call.attempt.step);
    if (calls?.size === 0) running.delete(id);
    for (const wake of waiting) wake();
  };

  const letGo = (id: string, call: Running, why: string): void => {
    remove(id, call);
    if (!call.ended) call.abort.abort(new DOMException(why, 'AbortError'));
  };

  const isUnderWay = (id: string, attempt: PendingAttempt): boolean => {
    const known = callsOf(id).get(attempt.step)?.attempt;
    return known?.attempt === attempt.attempt && known.compensation === attempt.compensation;
  };

  const contextOf = (execution: LiveExecution, pending: PendingAttempt, { logger }: CallLog) => {
    const { id, state } = execution;
    const { step, activity, attempt, visit, compensation } = pending;
    return {
      executionId: id,
      workflow: state.workflow,
      step,
      attempt,
      idempotencyKey: `${id}:${step}${visit > 1 ? `#${visit}` : ''}${compensation ? ':compensation' : ''}`,
      progress: compensation ? undefined : progressOf(state, step, activity),
      logger,
      traceparent: attemptTrace(execution, pending),
    };
  };

  /** How an attempt is made. It takes as long as it takes when the engine itself makes it. */
  const callOf = (
    execution: LiveExecution,
    attempt: PendingAttempt,
    { input, abort, log }: { readonly input: Json; readonly abort: AbortController; readonly log: CallLog },
  ): (() => Promise<Outcome | undefined>) => {
    if (attempt.provided !== undefined) return () => provide(execution, attempt, input);
    const { id, definition, state } = execution;
    const isRemote = attempt.taken !== undefined;
    const timeouts = isRemote
      ? timeoutsOfWorker(definition, state, attempt, parts.clock.now())
      : timeoutsOf(definition, attempt);
    const activity = isRemote
      ? options.remote({ executionId: id, attempt, timeouts, signal: abort.signal })
      : activities.find(attempt.activity);
    if (activity === undefined)
      throw new TypeError(`Expected somebody to serve "${attempt.activity}", but nobody does.`);
    const context = contextOf(execution, attempt, log);
    const isolate = isRemote ? undefined : isolationOf(definition, attempt);
    const progressed = (progress: Json): void => {
      const isMine = callsOf(execution.id).get(attempt.step)?.abort === abort;
      if (isMine && !over.aborted && !attempt.compensation)
        options.progressed(execution.id, attempt, progress);
    };
    return () => callActivity({ activity, isolate, input, context, abort, timeouts, progressed }, parts);
  };

  const begin: Calls['begin'] = (execution, attempt, input) => {
    const { id } = execution;
    const abort = new AbortController();
    const mine: Running = { attempt, abort, ended: false };
    const flush = (): void => {
      if (isWanted() && !mine.ended) options.log(id, attempt, log.take());
    };
    const log = openCallLog({ ...parts, logger, flush }, id, attempt.step);
    abort.signal.addEventListener('abort', () => log.close());
    const call = callOf(execution, attempt, { input, abort, log });
    add(id, mine);
    const isKnown = (): boolean => callsOf(id).get(attempt.step) === mine;
    const isWanted = (): boolean => isKnown() && !over.aborted;

    const make = async (): Promise<void> => {
      const outcome = await call();
      mine.ended = true;
      const lines = log.take();
      log.close();
      if (outcome === undefined && isKnown()) remove(id, mine);
      if (outcome === undefined || !isWanted()) return;
      try {
        await record(id, attempt, outcome, lines);
      } catch {
        // Nothing records it any more: whoever drains the execution must not wait for it.
        if (isKnown()) remove(id, mine);
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
    if (callsOf(id).get(call.attempt.step) === call) letGo(id, call, 'Another node goes on with it.');
  };

  return {
    get size() {
      return [...running.values()].reduce((sum, calls) => sum + calls.size, 0);
    },
    some: (ids) =>
      [...running].some(
        ([id, calls]) => ids(id) && [...calls.values()].some(({ attempt }) => attempt.taken === undefined),
      ),
    isUnderWay,
    begin,
    keepOnly: (id, pending) => {
      const wanted = new Set<string>();
      // One look at each: there may be many of both.
      for (const waits of pending)
        if (waits.kind === 'attempt' && isUnderWay(id, waits)) wanted.add(waits.step);
      for (const call of callsOf(id).values())
        if (!wanted.has(call.attempt.step)) letGo(id, call, 'The result is not wanted any more.');
    },
    giveUp: (ids, why) => {
      for (const [id, calls] of running) if (ids(id)) for (const call of calls.values()) letGo(id, call, why);
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
