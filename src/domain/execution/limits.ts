import type { Spot } from './spot.ts';
import { stepOf, type StepState } from './state.ts';
import { limitedBy, type Turn } from './turn.ts';

/** The deadline of a step that counts already, since its first attempt of this visit; nothing where there is none. */
export const begunLimit = (known: StepState | undefined): { readonly deadline?: number } =>
  known === undefined || known.done || known.deadline === undefined ? {} : { deadline: known.deadline };

/** The deadline of a step that begins an attempt; nothing where there is none. */
export const limitOf = (turn: Turn, { step, path }: Spot): { readonly deadline?: number } => {
  const begun = begunLimit(stepOf(turn.state, path));
  return begun.deadline === undefined ? limitedBy(turn, step.stepTimeout) : begun;
};

/**
 * Until when a step waits for somebody to serve it, or to be let through; nothing where it waits as long as it takes. What
 * it waits for may become something else meanwhile.
 */
export const queuedUntil = (turn: Turn, { step, path }: Spot): { readonly dueAt?: number } => {
  if (step.kind !== 'activity' || step.queueTimeout === undefined) return {};
  const { done = true, status, activity, dueAt } = stepOf(turn.state, path) ?? {};
  if (!done && status === 'queued' && activity === step.activity && dueAt !== undefined) return { dueAt };
  const { deadline } = limitedBy(turn, step.queueTimeout);
  return deadline === undefined ? {} : { dueAt: deadline };
};
