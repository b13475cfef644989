import * as fc from 'fast-check';
import { happened, type Happened } from '../spec/given.ts';
import { decisionsOf, randomRun, type RandomRun } from '../spec/random-execution.ts';
import { emitted, registered } from './samples.ts';

/** The commits of one execution; moves that lead to nothing are left out. */
const commitsOf = (run: RandomRun, executionId: string): Happened[] =>
  decisionsOf(run, executionId).map(({ at, events }) => happened(`execution-${executionId}`, at, ...events));

/** Merges queues in the order in which `picks` names them; what is never picked follows at the end. */
const interleave = (queues: readonly Happened[][], picks: readonly number[]): Happened[] => {
  const left = queues.map((queue) => [...queue]);
  const merged = picks.flatMap((pick) => left[pick % Math.max(1, left.length)]?.splice(0, 1) ?? []);
  return [...merged, ...left.flat()];
};

/** A history that the engine could have written: executions of any kind, in between each other, and other streams. */
export const randomHistory: fc.Arbitrary<readonly Happened[]> = fc
  .tuple(fc.array(randomRun, { maxLength: 8 }), fc.array(fc.nat(7), { maxLength: 60 }))
  .map(([runs, picks]) => [
    happened('workflow-ship_order', 0, registered(1)),
    ...interleave(
      [...runs.map((one, n) => commitsOf(one, `e${n}`)), [happened('event-1', 5, emitted())]],
      picks,
    ),
    happened('workflow-ship_order', 9, registered(2, 'order:placed')),
  ]);
