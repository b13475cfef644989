import { expect } from 'vitest';
import type { Definition } from '../../src/domain/definition/definition.ts';
import { parseDefinition } from '../../src/domain/definition/parse.ts';
import type { ExecutionCommand } from '../../src/domain/execution/commands.ts';
import { decide } from '../../src/domain/execution/decide.ts';
import type { ExecutionEvent } from '../../src/domain/execution/events.ts';
import { evolve } from '../../src/domain/execution/evolve.ts';
import type { Breaker } from '../../src/domain/flow/breaker.ts';
import { INITIAL, type ExecutionState } from '../../src/domain/execution/state.ts';
import { Rejection } from '../../src/domain/rejection.ts';

/** The definition of the lines under `execution:`, which must be good. */
export const define = (yaml: string): Definition => {
  const parsed = parseDefinition(`execution:\n${yaml.replaceAll(/^/gm, '  ')}`);
  if (!parsed.ok)
    throw new Error(parsed.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return parsed.definition;
};

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
};

/** The world that a command meets in a spec. */
export interface SpecContext {
  readonly now?: number;
  readonly random?: number;
  /** Activities that nobody serves. */
  readonly unserved?: readonly string[];
  /** Whether the engine may begin something itself; it may unless this is false. */
  readonly takes?: boolean;
  /** What is known of the breaker of an activity; nothing unless it is given. */
  readonly breaker?: (activity: string) => Breaker | undefined;
  /** The most bytes of what a step puts into an event; nothing is measured without it. */
  readonly maxPayload?: number;
}

/** What a command did. */
export interface Then {
  readonly events: readonly ExecutionEvent[];
  readonly state: ExecutionState;
  /** Expects exactly these events, each at least with these fields. */
  thenEvents(...events: readonly object[]): void;
  /** Expects events of these types. */
  thenTypes(...types: readonly ExecutionEvent['type'][]): void;
  thenNothing(): void;
}

/** An execution with a history. */
export interface Given {
  readonly state: ExecutionState;
  when(command: ExecutionCommand, context?: SpecContext): Then;
  /** The history once the command was carried out too. */
  after(command: ExecutionCommand, context?: SpecContext): Given;
  whenRefused(command: ExecutionCommand, code: string): void;
}

const givenState = (definition: Definition, before: ExecutionState): Given => {
  const state = frozen(before);
  const run = (command: ExecutionCommand, context: SpecContext = {}) => {
    const { now = 0, random = 0.5, unserved = [], takes = true, breaker, maxPayload } = context;
    return decide(definition, state, command, {
      executionId: 'an-execution',
      now,
      random: () => random,
      serves: (activity) => !unserved.includes(activity),
      takes,
      ...(breaker === undefined ? {} : { breaker }),
      ...(maxPayload === undefined ? {} : { maxPayload }),
    });
  };
  return {
    state,
    when: (command, context) => {
      const { events, state: next } = run(command, context);
      const folded = events.reduce((s, event) => evolve(s, event, context?.now ?? 0), state);
      expect(next, 'the state that was decided on is the state that the events fold to').toEqual(folded);
      return {
        events,
        state: next,
        thenEvents: (...expected) => expect(events).toMatchObject(expected),
        thenTypes: (...types) => expect(events.map(({ type }) => type)).toEqual(types),
        thenNothing: () => expect(events).toEqual([]),
      };
    },
    after: (command, context) => {
      const decided = run(command, context);
      return givenState(decided.definition, decided.state);
    },
    whenRefused: (command, code) => {
      let refusal: unknown;
      try {
        run(command);
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toBeInstanceOf(Rejection);
      expect(refusal).toMatchObject({ code });
    },
  };
};

/** The event that a decision ends with. */
export const lastOf = (events: readonly ExecutionEvent[]): ExecutionEvent => {
  const last = events.at(-1);
  if (last === undefined) throw new Error('Expected events, but there are none.');
  return last;
};

/** An execution of a definition that these events happened to. */
export const given = (definition: Definition, ...events: readonly ExecutionEvent[]): Given =>
  givenState(
    definition,
    events.reduce((state, event) => evolve(state, event, 0), INITIAL),
  );

/** The start of an execution. */
export const start = (
  more: { input?: ExecutionState['input']; event?: ExecutionState['event'] } = {},
): ExecutionCommand => ({
  type: 'start',
  id: 'an-execution',
  trigger: 'manual',
  input: more.input ?? null,
  event: more.event ?? null,
});

/** An attempt returned. */
export const completed = (
  step: string,
  attempt = 1,
  output: ExecutionState['input'] = null,
): ExecutionCommand => ({
  type: 'complete_attempt',
  step,
  attempt,
  compensation: false,
  output,
});

/** An attempt failed. */
export const failed = (step: string, attempt = 1, type = 'Error'): ExecutionCommand => ({
  type: 'fail_attempt',
  step,
  attempt,
  compensation: false,
  error: { type, message: 'no' },
  retry: 'by_policy',
});

/** An undoing attempt returned. */
export const undone = (step: string, attempt = 1): ExecutionCommand => ({
  type: 'complete_attempt',
  step,
  attempt,
  compensation: true,
  output: null,
});

/** An undoing attempt failed. */
export const notUndone = (step: string, attempt = 1): ExecutionCommand => ({
  type: 'fail_attempt',
  step,
  attempt,
  compensation: true,
  error: { type: 'Error', message: 'no' },
  retry: 'by_policy',
});
