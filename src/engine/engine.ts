import type { ExecutionCommand } from '../domain/execution/commands.ts';
import type { RecordedEvent } from '../domain/event.ts';
import type { ExecutionEvent } from '../domain/execution/events.ts';
import { isFinal } from '../domain/execution/lifecycle.ts';
import type { Capacity } from '../domain/flow/resources.ts';
import {
  attemptInput,
  begins,
  isLimit,
  pendingOf,
  type Pending,
  type PendingAttempt,
} from '../domain/execution/pending.ts';
import {
  createExecutions,
  type Executions,
  type ExecutionsOptions,
  type Handled,
  type LiveExecution,
} from '../commands/executions.ts';
import type { Activities } from '../ports/activities.ts';
import { LogUnavailable } from '../ports/event-log.ts';
import type { Logger } from '../ports/logger.ts';
import type { Workers } from '../ports/workers.ts';
import { createArmedTimers, type Due } from './armed-timers.ts';
import { createCalls } from './calls.ts';
import { createCatchUps } from './catch-ups.ts';
import { createChildren } from './children.ts';
import { createGates } from './flow/gates.ts';
import { OWNS_ALL, type Owned } from './owned.ts';
import type { Provide } from './provide.ts';
import { interrupted } from './interrupted.ts';
import { settleAttempt } from './settle-attempt.ts';
import { within } from './within.ts';
import { createDesk } from './workers/desk.ts';

/** Streams that are read at a time because another node has written to them. */
const FOLLOWED_AT_ONCE = 64;

/** What `createEngine` needs. */
export interface EngineOptions extends Omit<
  ExecutionsOptions,
  'listener' | 'serves' | 'takes' | 'breaker' | 'keeps' | 'over'
> {
  readonly activities: Activities;
  /** What the calls that it makes may take at once. */
  readonly capacity: Capacity;
  /** Does what no activity does. */
  readonly provide: Provide;
  readonly logger: Logger;
  /** Which executions it runs; all unless it says otherwise. */
  readonly owned?: Owned;
  /** Is told of what was made durable, the first of it at `revision` of the execution's stream. Must not throw. */
  readonly happened?: (execution: LiveExecution, revision: number, events: readonly ExecutionEvent[]) => void;
}

/** Runs what was decided: calls activities, fires timers, reports what came of it. */
export interface Engine {
  readonly executions: Executions;
  /** Processes outside that make attempts. */
  readonly workers: Workers;
  /** Calls of activities that are under way. */
  readonly running: number;
  /** Resolves when an execution has ended; at once when there is none. */
  ended(id: string): Promise<void>;
  /**
   * Takes up an execution that another process left behind: interrupted calls, timers, queued steps. One that cannot be
   * read is told of in the server's own log, so that it keeps no other from going on. Rejects with `LogUnavailable`.
   */
  resume(id: string): Promise<void>;
  /**
   * Takes up an execution that only waits for a time, as its summary says; its stream is read when that has come, and
   * says for what else.
   */
  arm(id: string, step: string, dueAt: number): void;
  /** Another node has written to an execution of this one, whose stream ends at `revision` or later. */
  follow(id: string, revision: number): void;
  /** Another node has appended an event of an execution, whosever that is: one of this node may wait for it. */
  hear(event: RecordedEvent): void;
  /** Waits up to `grace` ms for the calls of these executions, which `owned` takes no more; answers whether they ended. */
  drained(ids: (id: string) => boolean, grace: number): Promise<boolean>;
  /** Forgets these executions, which are another node's: tells their calls to end and appends nothing more for them. */
  forsake(ids: (id: string) => boolean): void;
  /**
   * Starts no further calls and waits up to `grace` ms for those under way, then tells them to end.
   * Steps that come next are queued in the log, to be taken up by the next start.
   * `first` is waited for before, within the same time: commands may still come of it.
   */
  drain(grace: number, first?: Promise<void>): Promise<void>;
  /** Aborted once nothing is appended any more, however long one waits. */
  readonly over: AbortSignal;
}

/** Creates an engine; it works as soon as commands come in. */
export const createEngine = (options: EngineOptions): Engine => {
  const { activities, logger, world, owned = OWNS_ALL } = options;
  const awaited = new Map<string, PromiseWithResolvers<void>>();
  let draining = false;
  const over = new AbortController();

  const takes = (id: string): boolean => !draining && owned.takes(id);

  const executions = createExecutions({
    ...options,
    serves: (activity, id) => takes(id) && activities.find(activity) !== undefined,
    takes,
    breaker: (activity) => gates.breaker(activity),
    keeps: owned.owns,
    over: over.signal,
    listener: {
      committed: (execution, events, unfinished) => {
        options.happened?.(execution, execution.head.revision + 1 - events.length, events);
        gates.committed(execution, events);
        children.committed(execution, events);
        const isBegun = callBegun(execution, events);
        const left = forget(execution).filter((waits) => !isBegun(waits));
        for (const waits of left) goOn(execution, waits);
        if (unfinished) goOnWithRest(execution.id);
      },
      reloaded: (execution) => takeUp(execution),
    },
  });

  const gates = createGates({
    ...options,
    over: over.signal,
    makes: (activity) => activities.find(activity) !== undefined,
    load: (id) => executions.load(id),
    whenTaken: async (id) => (owned.holds(id) || (await owned.whenHeld(id))) && takes(id),
    tell: (id, command) => tell(id, command),
    seat: async (id, step, activity) =>
      activities.find(activity) === undefined ? desk.seat(id, step, activity) : undefined,
    admit: (id, command, seat) => desk.admit(id, command, seat),
    report: (id, work) => report(id, work),
  });

  const calls = createCalls({
    activities,
    provide: options.provide,
    owned,
    logger,
    clock: world.clock,
    maxPayload: options.maxPayload,
    over: over.signal,
    log: (id, { step, attempt, compensation }, lines) =>
      report(id, tell(id, { type: 'log_lines', step, attempt, compensation, lines })),
    record: (id, attempt, outcome, lines) => {
      const recorded = settleAttempt((command) => tell(id, command), attempt, outcome, lines);
      report(id, recorded);
      desk.recorded(id, attempt, recorded);
      return recorded;
    },
    remote: (call) => desk.call(call),
    progressed: (id, { step, attempt }, progress) => {
      tell(id, { type: 'heartbeat', step, attempt, progress }).catch((error: unknown) => {
        if (over.signal.aborted) return;
        logger.warn({ executionId: id, step, err: error }, 'How far an attempt is was not recorded.');
      });
    },
  });

  const desk = createDesk({
    ...world,
    owned,
    takes,
    load: (id) => executions.load(id),
    resume: (id) => executions.resume(id),
    tell: (id, command) => tell(id, command),
    report: (id, work) => report(id, work),
    takeUp: (execution) => takeUp(execution),
  });

  const children = createChildren({
    log: options.log,
    clock: world.clock,
    over: over.signal,
    executions,
    owns: owned.owns,
    end: (id, command) => report(id, tell(id, command)),
    report: (id, work) => report(id, work),
  });

  const timers = createArmedTimers(world.clock, (id, due) => {
    if (!over.signal.aborted) report(id, fireTimer(id, due));
  });

  const follow = createCatchUps(FOLLOWED_AT_ONCE, owned.owns, (id, revision) =>
    executions.catchUp(id, revision),
  );

  /** Calls what these events begin; answers whether that is all that the execution waits for there. */
  const callBegun =
    (execution: LiveExecution, events: readonly ExecutionEvent[]) =>
    (waits: Pending): boolean => {
      if (waits.kind !== 'attempt') return false;
      const event = events.findLast((known) => begins(known, waits));
      if (event === undefined) return false;
      // What another node owns it takes for interrupted, when it sees it in the log.
      if (owned.owns(execution.id) && !over.signal.aborted)
        calls.begin(execution, waits, attemptInput(execution.state, event));
      return true;
    };

  /** Lets go of calls and timers that the execution does not wait for any more; answers what it waits for. */
  const forget = (execution: LiveExecution): readonly Pending[] => {
    const { id, definition, state } = execution;
    const pending = pendingOf(definition, state);
    gates.keepOnly(execution, pending);
    calls.keepOnly(id, pending);
    children.keepOnly(execution, pending);
    desk.keepOnly(id, pending);
    timers.keepOnly(id, pending);
    if (isFinal(state.status)) {
      awaited.get(id)?.resolve();
      awaited.delete(id);
    }
    return pending;
  };

  const arm = (id: string, due: Due): void => {
    if (!over.signal.aborted && owned.owns(id)) timers.arm(id, due);
  };

  const fireTimer = async (id: string, { step, dueAt, limit }: Due): Promise<void> => {
    const of = limit === undefined ? {} : { limit };
    const handled = await tell(id, { type: 'fire_timer', step, dueAt, ...of });
    // It waits for something else than it was armed for: the stream says for what.
    if (handled?.events.length === 0) takeUp(handled.execution);
  };

  /** Carries out what the engine itself has to say of an execution, as long as that is this node's. */
  const tell = async (id: string, command: ExecutionCommand): Promise<Handled | undefined> =>
    owned.holds(id) || (await owned.whenHeld(id)) ? executions.handle(id, command) : undefined;

  const complain = (id: string, error: unknown): void =>
    logger.error(
      { executionId: id, err: error },
      'An execution cannot go on; it is taken up again at the next start.',
    );

  /** Sees to it that nothing that goes wrong with an execution goes unseen. */
  const report = (id: string, work: Promise<unknown>): void => {
    work.catch((error: unknown) => {
      if (!(error instanceof LogUnavailable && over.signal.aborted)) complain(id, error);
    });
  };

  const isHarmless = ({ compensation, activity, provided }: PendingAttempt): boolean =>
    compensation || provided !== undefined || activities.find(activity)?.idempotent === true;

  const isServed = ({ activity, provided }: Extract<Pending, { kind: 'activity' }>): boolean =>
    provided !== undefined || activities.find(activity) !== undefined;

  const takeUp = (execution: LiveExecution): void => {
    children.takenUp(execution);
    const pending = forget(execution);
    for (const waits of pending) goOn(execution, waits);
    // A turn that was full may have left what nothing else would begin: steps, or branches beside those that wait.
    const mayBeLeft = pending.every(isLimit) || Object.keys(execution.state.branches).length > 1;
    if (mayBeLeft && !isFinal(execution.state.status)) goOnWithRest(execution.id);
  };

  const goOnWithRest = (id: string): void => {
    if (!over.signal.aborted && owned.owns(id)) report(id, tell(id, { type: 'go_on' }));
  };

  /** Goes on with what was begun elsewhere: a call that is not made here ended with the process that made it. */
  const goOn = (execution: LiveExecution, waits: Pending): void => {
    const { id } = execution;
    if (over.signal.aborted || !owned.owns(id)) return;
    if (waits.kind === 'attempt' && !calls.isUnderWay(id, waits)) {
      // A server that stops does nothing for steps any more; what it left is made by whoever comes next.
      if (draining && waits.provided !== undefined) return;
      gates.adopt(execution, waits);
      // Whoever makes it has not gone with a node, and says how it ends, or nothing any more.
      if (waits.taken !== undefined) {
        if (!draining) calls.begin(execution, waits, null);
        return;
      }
      report(id, tell(id, interrupted(waits, isHarmless(waits))));
    } else if (waits.kind === 'activity') {
      if (isServed(waits)) goOnWithRest(id);
      else desk.offer(execution, waits);
    } else if (waits.kind === 'admission' || waits.kind === 'run') gates.ask(execution, waits);
    else if (waits.kind === 'child') children.await(id, waits.step, waits.child);
    else if (waits.kind === 'timer') arm(id, waits);
  };

  /** Resolves once no command is carried out and no call is under way, which only commands could begin; or once it is over. */
  const quiet = async (over: AbortSignal, ids?: (id: string) => boolean): Promise<void> => {
    for (;;) {
      await executions.settled(ids);
      await gates.settled();
      if (over.aborted || !calls.some((id) => ids?.(id) !== false)) return;
      await calls.next(over);
    }
  };

  return {
    executions,
    workers: desk.workers,
    get running() {
      return calls.size;
    },
    over: over.signal,
    ended: async (id) => {
      const waiter = awaited.get(id) ?? Promise.withResolvers<void>();
      awaited.set(id, waiter);
      const execution = await executions.load(id);
      if (execution !== undefined && !isFinal(execution.state.status)) return waiter.promise;
      waiter.resolve();
      if (awaited.get(id) === waiter) awaited.delete(id);
    },
    resume: async (id) => {
      try {
        await executions.resume(id);
      } catch (error) {
        if (error instanceof LogUnavailable || over.signal.aborted) throw error;
        complain(id, error);
      }
    },
    arm: (id, step, dueAt) => arm(id, { step, dueAt }),
    follow: (id, revision) => {
      if (!over.signal.aborted) report(id, follow(id, revision));
    },
    hear: children.hear,
    drained: (ids, grace) => within(world.clock, grace, (over) => quiet(over, ids)),
    forsake: (ids) => {
      executions.forget(ids);
      gates.forget(ids);
      calls.giveUp(ids, 'Another node goes on with it.');
      timers.cancel(ids);
      children.forsake(ids);
      desk.forget(ids);
    },
    drain: async (grace, first = Promise.resolve()) => {
      draining = true;
      desk.close();
      await within(world.clock, grace, (over) => first.then(() => quiet(over)));
      over.abort();
      calls.giveUp(() => true, 'The server stops.');
      timers.cancel(() => true);
      children.forsake(() => true);
    },
  };
};
