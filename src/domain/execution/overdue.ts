import type { ErrorPayload, Limit } from './events.ts';
import { failStep, giveUp } from './settle.ts';
import type { Spot } from './spot.ts';
import type { StepState } from './state.ts';
import type { Turn } from './turn.ts';
import { inTime } from './wait-facts.ts';

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

/** The error of an attempt that what limits its activity did not let through within `timeout.queue`. */
export const waitedTooLong = ({ step }: Spot, { activity, gate }: StepState): ErrorPayload => {
  const within = inTime(step.kind === 'activity' ? step.queueTimeout : undefined);
  const at = gate === undefined ? '' : `, at last for its ${gate}`;
  const message = `Expected a call of "${activity}" to be let through ${within}, but it waited longer${at}.`;
  return {
    type: 'QueueTimeout',
    message,
    details: { kind: 'queue', ...(gate === undefined ? {} : { gate }) },
  };
};
