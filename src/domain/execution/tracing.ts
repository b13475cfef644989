import { hash } from 'node:crypto';
import type { Tracing } from '../definition/observed.ts';

/**
 * What is kept of a run for whoever looks into it, settled at its start: inputs and outputs besides its spans (`explicit`:
 * whoever started it asked for that; `captured`: its definition does), its spans (`sampled`), its spans if it fails
 * (`unsampled`), or nothing (`off`).
 */
export type TracingDecision = 'explicit' | 'captured' | 'sampled' | 'unsampled' | 'off';

/** Hexadecimal digits that are looked at: as many as a number holds exactly. */
const DIGITS = 13;

/** Where an execution stands among all, from 0 up to 1: the same for ever, whichever node asks. */
const shareOf = (executionId: string): number =>
  Number.parseInt(hash('sha256', `sampling\n${executionId}`, 'hex').slice(0, DIGITS), 16) / 16 ** DIGITS;

/** Decides about a run that begins; `undefined` where nobody has said anything, which counts as `sampled`. */
export const decideTracing = (
  tracing: Tracing | undefined,
  executionId: string,
  isAskedFor: boolean,
): TracingDecision | undefined => {
  if (isAskedFor) return 'explicit';
  if (tracing === undefined) return undefined;
  if (!tracing.enabled) return 'off';
  if (shareOf(executionId) >= tracing.samplingRate) return 'unsampled';
  return tracing.capture ? 'captured' : 'sampled';
};

/** Whether inputs and outputs of a run are captured. */
export const isCaptured = (decision: TracingDecision | undefined): boolean =>
  decision === 'explicit' || decision === 'captured';
