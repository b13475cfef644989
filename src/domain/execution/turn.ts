import type { Definition, Scope } from '../definition/definition.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ErrorPayload, ExecutionEvent } from './events.ts';
import { evolve } from './evolve.ts';
import type { ExecutionState } from './state.ts';

/** What `decide` is told of the world. */
export interface DecideContext {
  readonly executionId: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Whether somebody serves an activity. */
  readonly serves: (activity: string) => boolean;
  /** The most bytes of what a step puts into an event: more fails the step. Without it nothing is measured. */
  readonly maxPayload?: number;
}

/** A decision being made: each event is folded at once, so that what follows decides on the state after it. */
export interface Turn {
  readonly definition: Definition;
  readonly context: DecideContext;
  readonly state: ExecutionState;
  readonly events: readonly ExecutionEvent[];
  emit(event: ExecutionEvent): void;
}

/** Begins a decision on a state, which it never changes. */
export const openTurn = (definition: Definition, before: ExecutionState, context: DecideContext): Turn => {
  let state = before;
  const events: ExecutionEvent[] = [];
  return {
    definition,
    context,
    events,
    get state() {
      return state;
    },
    emit(event) {
      state = evolve(state, event, context.now);
      events.push(event);
    },
  };
};

const stepsOf = (state: ExecutionState): NonNullable<Scope['steps']> =>
  Object.fromEntries(
    Object.entries(state.steps).map(([name, { output, status, attempt }]) => [
      name,
      { output, status, attempts: attempt },
    ]),
  );

/** What the expressions of a definition see; parts that are costly are made when they are first asked for. */
export const scopeOf = (
  { state, context }: Turn,
  more: { output?: Json; error?: ErrorPayload } = {},
): Scope => {
  const { error, ...rest } = more;
  let workflow: JsonObject | undefined;
  let steps: Scope['steps'];
  return {
    ...rest,
    ...(error === undefined
      ? {}
      : { error: { type: error.type, message: error.message, details: error.details ?? null } }),
    event: state.event,
    input: state.input,
    get workflow(): JsonObject {
      workflow ??= {
        ...state.variables,
        id: context.executionId,
        name: state.workflow,
        started_at: new Date(state.startedAt).toISOString(),
      };
      return workflow;
    },
    get steps() {
      steps ??= stepsOf(state);
      return steps;
    },
  };
};

/** Milliseconds since a time; none when the clock was set back in between. */
export const elapsedSince = ({ context }: Turn, startedAt: number): number =>
  Math.max(0, context.now - startedAt);

/** The facts that end an execution. */
export const endFacts = (turn: Turn) => ({
  workflow: turn.state.workflow,
  definition: turn.state.definition,
  startedAt: turn.state.startedAt,
  duration: elapsedSince(turn, turn.state.startedAt),
  from: turn.state.status === 'compensating' ? ('compensating' as const) : ('running' as const),
});
