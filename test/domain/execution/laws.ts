import * as fc from 'fast-check';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { decisionsOf, randomRun, type Decided, type RandomRun } from '../../spec/random-execution.ts';

type Type = ExecutionEvent['type'];
type EventOf<T extends Type> = Extract<ExecutionEvent, { type: T }>;

/** How many executions a law is checked for. */
export const RUNS = { numRuns: 1_000 };

/** Checks a law for any execution: what was decided, and the definition that it ran. */
export const always = (law: (decided: readonly Decided[], run: RandomRun) => void): void =>
  fc.assert(
    fc.property(randomRun, (run) => law(decisionsOf(run, 'e-1'), run)),
    RUNS,
  );

/** Everything that happened, in order. */
export const eventsOf = (decided: readonly Decided[]): readonly ExecutionEvent[] =>
  decided.flatMap(({ events }) => events);

/** Those of the events that are of these types. */
export const ofType = <T extends Type>(
  events: readonly ExecutionEvent[],
  ...types: readonly T[]
): readonly EventOf<T>[] =>
  events.filter((event): event is EventOf<T> => (types as readonly string[]).includes(event.type));
