import type { Json } from '../json.ts';
import type { Definition } from '../definition/definition.ts';
import type { ExecutionEvent } from './events.ts';
import { stepOf, type ExecutionState } from './state.ts';

/** A call of an activity that is to be made, or was under way when its node died. */
export interface PendingAttempt {
  readonly kind: 'attempt';
  readonly step: string;
  readonly activity: string;
  readonly attempt: number;
  readonly compensation: boolean;
}

/** What an active execution waits for: a call, a time, somebody to serve its activity, or a signal. */
export type Pending =
  | PendingAttempt
  | { readonly kind: 'timer'; readonly step: string; readonly dueAt: number }
  | { readonly kind: 'activity'; readonly activity: string }
  | { readonly kind: 'signal' };

/** What an execution waits for; `undefined` when it has ended. */
export const pendingOf = (definition: Definition, state: ExecutionState): Pending | undefined => {
  if (state.status === 'compensating') return pendingCompensation(state);
  const step = definition.steps[state.cursor]?.name;
  const known = step === undefined ? undefined : stepOf(state, step);
  if (state.status !== 'running' || step === undefined || known === undefined) return undefined;
  const { status, activity, attempt, dueAt } = known;
  if (status === 'running') return { kind: 'attempt', step, activity, attempt, compensation: false };
  if (status === 'queued') return { kind: 'activity', activity };
  return dueAt === undefined ? { kind: 'signal' } : { kind: 'timer', step, dueAt };
};

const pendingCompensation = ({ compensation }: ExecutionState): Pending | undefined => {
  const step = compensation?.todo[compensation.settled];
  if (compensation === undefined || step === undefined) return undefined;
  const { status, activity, attempt, dueAt } = compensation;
  if (status === 'running') return { kind: 'attempt', step, activity, attempt, compensation: true };
  if (status === 'queued') return { kind: 'activity', activity };
  return dueAt === undefined ? undefined : { kind: 'timer', step, dueAt };
};

/** The input that a started attempt is called with: what its event recorded, or all variables. */
export const attemptInput = (state: ExecutionState, events: readonly ExecutionEvent[]): Json => {
  const started = events.findLast(({ type }) => type === 'step.started' || type === 'step.compensating');
  const payload =
    started?.type === 'step.started' || started?.type === 'step.compensating' ? started.payload : undefined;
  return payload === undefined ? state.variables : payload.input;
};
