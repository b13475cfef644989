import type { ErrorPayload, Limit } from './events.ts';
import { failStep, giveUp } from './settle.ts';
import type { Spot } from './spot.ts';
import type { Turn } from './turn.ts';

/** The error of what took too long. */
export const timedOut = (kind: Limit, message: string): ErrorPayload => ({
  type: 'Timeout',
  message,
  details: { kind },
});

/** Fails a step whose time is over. Its fallback's activity would be too late as well; only `skip` takes no time. */
export const failOverdue = (turn: Turn, spot: Spot): void => {
  const { step, path } = spot;
  const message = `Expected the step to take at most ${step.stepTimeout} ms with all its attempts, but it took longer.`;
  const error = timedOut('step', message);
  if (step.fallback?.kind === 'skip') giveUp(turn, spot, error);
  else failStep(turn, path, error);
};
