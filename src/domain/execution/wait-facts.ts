import { labelOf } from './label.ts';
import type { Spot } from './spot.ts';
import { nextAttempt, stepOf } from './state.ts';
import type { Turn } from './turn.ts';

/** What the events of a step that waits say of it; which of its attempts waits only when it is not the first. */
export const waitFacts = ({ state }: Turn, path: string) => {
  const { attempt = 1 } = stepOf(state, path) ?? {};
  return { workflow: state.workflow, step: path, ...(attempt > 1 ? { attempt } : {}) };
};

/** Begins an attempt that waits for something instead of calling an activity. */
export const startWaiting = (turn: Turn, spot: Spot, activity: 'wait' | 'approval'): void => {
  const { path } = spot;
  const { workflow } = turn.state;
  const facts = { workflow, step: path, activity, attempt: nextAttempt(turn.state, path), fallback: false };
  turn.emit({ type: 'step.started', facts: { ...facts, ...labelOf(turn, spot) } });
};

/** How long was waited, in words: a version that a run went over to may give a wait no limit that one before it gave. */
export const inTime = (timeout: number | undefined): string =>
  timeout === undefined ? 'in time' : `within ${timeout} ms`;
