import type { Definition } from '../definition/definition.ts';
import { inputRecorded, outputRecorded } from './capture.ts';
import type { Breaker } from '../flow/breaker.ts';
import type { ActiveStatus, ExecutionEvent } from './events.ts';
import { evolve } from './evolve.ts';
import type { ExecutionState } from './state.ts';
import { isCaptured } from './tracing.ts';
import type { Taken } from './worker.ts';

/** What `decide` is told of the world. */
export interface DecideContext {
  readonly executionId: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Whether somebody serves an activity. */
  readonly serves: (activity: string) => boolean;
  /** What a worker takes, though no node serves it. */
  readonly taken?: Taken;
  /** Whether what the engine itself does may be begun here and now; it may unless this is false. */
  readonly takes?: boolean;
  /** The breaker of an activity as it is known here and now; `undefined` when that has to be asked for. */
  readonly breaker?: (activity: string) => Breaker | undefined;
  /** The most bytes of what a step puts into an event: more fails the step. Without it nothing is measured. */
  readonly maxPayload?: number;
  /** How many events are decided at once, besides those that end what was begun; 256 unless given. */
  readonly maxEvents?: number;
}

/** A decision being made: each event is folded at once, so that what follows decides on the state after it. */
export interface Turn {
  readonly definition: Definition;
  readonly context: DecideContext;
  readonly state: ExecutionState;
  readonly events: readonly ExecutionEvent[];
  /** As much was decided as is to be made durable at once; the rest follows in a turn of its own. */
  readonly isFull: boolean;
  emit(event: ExecutionEvent): void;
}

const MOST = 256;

/** Begins a decision on a state, which it never changes. */
export const openTurn = (definition: Definition, before: ExecutionState, context: DecideContext): Turn => {
  let state = before;
  const events: ExecutionEvent[] = [];
  const record = (event: ExecutionEvent): void => {
    state = evolve(state, event, context.now);
    events.push(event);
  };
  const capture = (of: typeof inputRecorded, event: ExecutionEvent): void => {
    if (!isCaptured(state.tracing)) return;
    const captured = of({ definition, state, maxPayload: context.maxPayload }, event);
    if (captured !== undefined) record(captured);
  };
  return {
    definition,
    context,
    events,
    get state() {
      return state;
    },
    get isFull() {
      return events.length >= (context.maxEvents ?? MOST);
    },
    emit(event) {
      capture(outputRecorded, event);
      record(event);
      capture(inputRecorded, event);
    },
  };
};

/** Milliseconds since a time; none when the clock was set back in between. */
export const elapsedSince = ({ context }: Turn, startedAt: number): number =>
  Math.max(0, context.now - startedAt);

/** How long what begins now was queued, since a time; nothing where it was not. */
export const waitedSince = (turn: Turn, queuedAt: number | undefined): { readonly waited?: number } =>
  queuedAt === undefined ? {} : { waited: elapsedSince(turn, queuedAt) };

/** When a limit that begins to count now is reached; nothing where there is none. */
export const limitedBy = ({ context }: Turn, timeout: number | undefined): { readonly deadline?: number } =>
  timeout === undefined ? {} : { deadline: context.now + timeout };

const activeOf = ({ state: { status } }: Turn): ActiveStatus =>
  status === 'queued' || status === 'compensating' || status === 'paused' ? status : 'running';

/** The facts that end an execution. */
export const endFacts = (turn: Turn) => ({
  workflow: turn.state.workflow,
  definition: turn.state.definition,
  startedAt: turn.state.startedAt,
  duration: elapsedSince(turn, turn.state.startedAt),
  from: activeOf(turn),
});
