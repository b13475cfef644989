import type { Definition, Isolation } from '../domain/definition/definition.ts';
import { nameOf } from '../domain/execution/path.ts';
import type { PendingAttempt } from '../domain/execution/pending.ts';

/** How the call of a step's own activity is isolated; never that of its fallback, nor what undoes it. */
export const isolationOf = ({ places }: Definition, attempt: PendingAttempt): Isolation | undefined => {
  const step = attempt.compensation ? undefined : places.get(nameOf(attempt.step))?.step;
  return step?.kind === 'activity' && step.activity === attempt.activity ? step.isolate : undefined;
};
