import { headAfter, NO_STREAM, seal, type SealedCommit, type StreamHead } from '../domain/chain.ts';
import { covers, type Scope } from '../domain/access/scope.ts';
import type { Definition } from '../domain/definition/definition.ts';
import type { ExecutionCommand } from '../domain/execution/commands.ts';
import { decide, type Decision } from '../domain/execution/decide.ts';
import type { ExecutionEvent } from '../domain/execution/events.ts';
import { isFinal } from '../domain/execution/lifecycle.ts';
import { INITIAL, type ExecutionState } from '../domain/execution/state.ts';
import type { Breaker } from '../domain/flow/breaker.ts';
import { Rejection } from '../domain/rejection.ts';
import { streamOf } from '../domain/stream.ts';
import { comesTo } from '../ports/comes-to.ts';
import { CommitTooLarge, WrongExpectedRevision, type EventLog } from '../ports/event-log.ts';
import { appendPatiently, checkSize, tooLarge, whenAvailable } from './append.ts';
import type { Caller } from './caller.ts';
import type { Envelopes, World } from './envelope.ts';
import { createKept } from './kept-executions.ts';
import { loadExecution, textOf } from './load-execution.ts';
import type { Pacing } from './pacing.ts';

/** Bytes of a payload under which nothing is gained by failing steps for less. */
const LEAST_SHARE = 64;

/** What a decision is held to, so that its commit fits. */
interface Bounds {
  readonly maxEvents?: number;
  readonly maxPayload?: number;
  /** What of a commit each of its events may take; more fails the step that puts it there. */
  readonly share?: number;
}

interface Prepared {
  readonly decided: Decision;
  readonly commit: SealedCommit;
  readonly bounds: Bounds;
}

/** An execution in memory, at the head of its stream. */
export interface LiveExecution {
  readonly id: string;
  readonly tenant: string;
  /** W3C trace context of what started it. */
  readonly traceparent: string | undefined;
  readonly definition: Definition;
  readonly state: ExecutionState;
  readonly head: StreamHead;
  /** Position of the last event that is known here. */
  readonly position: bigint;
  /** Characters of the payloads that it was folded from: it holds no more of them than so many. */
  readonly text: number;
}

/** What a command came to. No events: it changed nothing. */
export interface Handled {
  readonly execution: LiveExecution;
  readonly events: readonly ExecutionEvent[];
}

/** Told of what happened to executions, at once and in order for each of them. Must not throw. */
export interface ExecutionsListener {
  /** A command's events are durable; more is to follow by a `go_on` when it was `unfinished`. */
  committed(execution: LiveExecution, events: readonly ExecutionEvent[], unfinished: boolean): void;
  /** The stream held more than was known here, or may have; the execution is now as the log says. */
  reloaded(execution: LiveExecution): void;
}

/** What `createExecutions` needs. */
export interface ExecutionsOptions {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  readonly definition: (workflow: string, hash: string) => Promise<Definition>;
  /** Whether an activity may be started for an execution here and now; otherwise its step is queued. */
  readonly serves: (activity: string, executionId: string) => boolean;
  /** Whether the engine may begin something itself for an execution here and now; it may unless this says otherwise. */
  readonly takes?: (executionId: string) => boolean;
  /** The breaker of an activity as it is known here; `undefined` where that has to be asked for. */
  readonly breaker?: (activity: string) => Breaker | undefined;
  /** Whether an execution is worth keeping in memory: not where others write to it. All are unless it says so. */
  readonly keeps?: (executionId: string) => boolean;
  readonly listener: ExecutionsListener;
  /** What starts wait for; they wait for nothing without it. */
  readonly pacing?: Pacing;
  /** The most bytes of one event's payload. */
  readonly maxPayload: number;
  /** Once aborted, an append that fails because the log is away is given up. */
  readonly over: AbortSignal;
  /** How many idle executions are kept in memory (default 20,000). */
  readonly idle?: number;
  /** How many characters of payloads they may hold together (default 64 Mi). */
  readonly text?: number;
}

/** Executions by id: one command at a time for each, any number of executions side by side. */
export interface Executions {
  /** Starts an execution; without events in the answer it had been started before. */
  start(id: string, definition: Definition, command: ExecutionCommand, caller: Caller): Promise<Handled>;
  /**
   * Loads, decides, appends; on a conflict with another writer decides again on what the log says.
   * Rejects with `Rejection` when the command is refused or its payload is too large.
   */
  handle(id: string, command: ExecutionCommand, caller?: Caller): Promise<Handled>;
  /**
   * An execution as it is now; `undefined` when there is none. What is read for that is not kept: what is in memory
   * somebody goes on with.
   */
  load(id: string): Promise<LiveExecution | undefined>;
  /** An execution that a caller may come to. Rejects with `EXECUTION_NOT_FOUND` for one that is not there, or not for them. */
  reach(id: string, caller: Caller): Promise<LiveExecution>;
  /** Brings an execution into memory and has it gone on with; does nothing when there is none. */
  resume(id: string): Promise<void>;
  /** Takes note that a stream ends at `revision` or later: unless that is known, the execution is read again. */
  catchUp(id: string, revision: number): Promise<void>;
  /** Lets go of executions in memory. */
  forget(ids: (id: string) => boolean): void;
  /** Resolves once no command is being carried out, for none of the executions that are meant (default all). */
  settled(ids?: (id: string) => boolean): Promise<void>;
  /** How many executions commands are being carried out for. */
  readonly pending: number;
  /** How many executions are in memory. */
  readonly size: number;
}

const IDLE = 20_000;
const TEXT = 67_108_864;

/** Keeps executions in memory at their revision, so that the log is read only on a conflict or a first touch. */
export const createExecutions = (options: ExecutionsOptions): Executions => {
  const { log, world, envelopes, listener, pacing } = options;
  const queues = new Map<string, Promise<unknown>>();
  const live = createKept({ idle: options.idle ?? IDLE, text: options.text ?? TEXT }, (id) => queues.has(id));

  /** One command after the other for an execution. */
  const inTurn = <T>(id: string, work: () => Promise<T>): Promise<T> => {
    const before = queues.get(id);
    const mine = before === undefined ? work() : before.then(work, work);
    queues.set(id, mine);
    // Only tidies up: whoever asked for the work sees how it ended.
    void mine
      .catch(() => undefined)
      .finally(() => {
        if (queues.get(id) === mine) queues.delete(id);
      });
    return mine;
  };

  const keep = (execution: LiveExecution): void => {
    if (isFinal(execution.state.status) || options.keeps?.(execution.id) === false) live.drop(execution.id);
    else live.keep(execution);
  };

  const read = (id: string): Promise<LiveExecution | undefined> =>
    whenAvailable(world.clock, options.over, () => loadExecution(log, options.definition, id));

  const load = async (id: string): Promise<LiveExecution | undefined> => live.get(id) ?? (await read(id));

  /** What is beyond a caller's scope is to them as if it were not there. */
  const requireReached = async (
    id: string,
    execution: LiveExecution | undefined,
    scope: Scope | undefined,
  ): Promise<LiveExecution> => {
    if (execution === undefined) throw executionNotFound(id);
    const { tenant, state } = execution;
    // Tags stand in the first event only.
    if (covers(scope, { tenant, workflow: state.workflow }) || (await comesTo(log, scope, id)))
      return execution;
    throw executionNotFound(id);
  };

  /** What follows from a command, and the commit that says so; what a step puts into it and does not fit fails the step. */
  const prepare = (
    before: LiveExecution,
    command: ExecutionCommand,
    caller: Caller | undefined,
    bounds: Bounds,
  ): Prepared | undefined => {
    const now = world.clock.now();
    const decided = decide(before.definition, before.state, command, {
      executionId: before.id,
      now,
      random: () => world.ids.random(),
      serves: (activity) => options.serves(activity, before.id),
      takes: options.takes?.(before.id) ?? true,
      ...bounds,
      ...(options.breaker === undefined ? {} : { breaker: options.breaker }),
    });
    if (decided.events.length === 0) return undefined;
    const { hash, logging } = decided.definition;
    const metadata = {
      // What follows from a request belongs to its trace, also what the engine does long after it.
      ...(before.traceparent === undefined ? {} : { traceparent: before.traceparent }),
      ...envelopes.open(before.id, caller, before.tenant, now, hash),
      ...(logging === undefined ? {} : { logging }),
    };
    const commit = seal(streamOf('execution', before.id), before.head, decided.events, metadata);
    try {
      checkSize(commit, options.maxPayload);
    } catch (error) {
      // Measuring every payload beforehand would write each of them twice.
      if (bounds.maxPayload === undefined)
        return prepare(before, command, caller, { ...bounds, maxPayload: options.maxPayload });
      throw error;
    }
    return { decided, commit, bounds };
  };

  /** What is to be appended instead of a commit that is too large: fewer events, or, if there must be so many, smaller ones. */
  const prepareLess = (
    before: LiveExecution,
    command: ExecutionCommand,
    caller: Caller | undefined,
    { commit, bounds }: Prepared,
    error: CommitTooLarge,
  ): Prepared | undefined => {
    const count = commit.events.length;
    const fewer =
      count > 1
        ? prepare(before, command, caller, { ...bounds, maxEvents: Math.floor(count / 2) })
        : undefined;
    if (fewer !== undefined && fewer.commit.events.length < count) return fewer;
    // Each event may be small enough, and all that follow from the command not: then a step fails of its share.
    const share = Math.floor(bounds.share === undefined ? error.limit / count : bounds.share / 2);
    if (share < LEAST_SHARE) throw tooLarge(error);
    return prepare(before, command, caller, {
      ...bounds,
      share,
      maxPayload: Math.min(share, options.maxPayload),
    });
  };

  const attempt = async (
    before: LiveExecution,
    command: ExecutionCommand,
    caller: Caller | undefined,
  ): Promise<Handled> => {
    let prepared = prepare(before, command, caller, {});
    while (prepared !== undefined) {
      const { decided, commit } = prepared;
      try {
        const { position } = await appendPatiently(log, world.clock, commit, options.over);
        pacing?.appended(position);
        const text = before.text + textOf(commit.events);
        const head = headAfter(commit);
        const { state, definition } = decided;
        const execution: LiveExecution = { ...before, state, definition, head, position, text };
        keep(execution);
        listener.committed(execution, decided.events, decided.unfinished);
        return { execution, events: decided.events };
      } catch (error) {
        if (!(error instanceof CommitTooLarge)) throw error;
        prepared = prepareLess(before, command, caller, prepared, error);
      }
    }
    return { execution: before, events: [] };
  };

  const handleFrom = async (
    first: LiveExecution,
    command: ExecutionCommand,
    caller: Caller | undefined,
  ): Promise<Handled> => {
    for (let execution = first; ;) {
      try {
        return await attempt(execution, command, caller);
      } catch (error) {
        if (error instanceof Rejection) throw error;
        live.drop(execution.id);
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
      const reloaded = await read(execution.id);
      if (reloaded === undefined) throw executionNotFound(execution.id);
      keep(reloaded);
      listener.reloaded(reloaded);
      execution = reloaded;
    }
  };

  return {
    get pending() {
      return queues.size;
    },
    get size() {
      return live.size;
    },
    settled: async (ids = () => true) => {
      for (;;) {
        const meant = [...queues].filter(([id]) => ids(id)).map(([, work]) => work);
        if (meant.length === 0) return;
        await Promise.allSettled(meant);
      }
    },
    forget: live.dropAll,
    catchUp: (id, revision) =>
      inTurn(id, async () => {
        if ((live.get(id)?.head.revision ?? -1) >= revision) return;
        const execution = await read(id);
        if (execution === undefined) return;
        keep(execution);
        listener.reloaded(execution);
      }),
    load: (id) => inTurn(id, () => load(id)),
    reach: (id, { scope }) => inTurn(id, async () => requireReached(id, await load(id), scope)),
    resume: (id) =>
      inTurn(id, async () => {
        const execution = await load(id);
        if (execution === undefined) return;
        keep(execution);
        listener.reloaded(execution);
      }),
    handle: (id, command, caller) =>
      inTurn(id, async () => {
        const execution = await requireReached(id, await load(id), caller?.scope);
        return handleFrom(execution, command, caller);
      }),
    start: (id, definition, command, caller) => {
      const { tenant, traceparent } = caller;
      const fresh = {
        id,
        tenant,
        traceparent,
        definition,
        state: INITIAL,
        head: NO_STREAM,
        position: 0n,
        text: 0,
      };
      return inTurn(id, async () => {
        await pacing?.turn();
        return handleFrom(live.get(id) ?? fresh, command, caller);
      });
    },
  };
};

/** There is no execution of an id. */
export const executionNotFound = (id: string): Rejection =>
  new Rejection('EXECUTION_NOT_FOUND', `Expected the id of an execution, but there is none with "${id}".`, {
    field: 'executionId',
    found: id,
  });
