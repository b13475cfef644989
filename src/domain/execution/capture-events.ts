import type { Json } from '../json.ts';
import type { E, OfStep } from './events.ts';

interface OfValue extends OfStep {
  readonly attempt: number;
  /** The attempt undoes the step. */
  readonly compensation?: true;
  /** Bytes of the value as JSON, all of it. */
  readonly bytes: number;
  /** The payload has only the beginning of it. */
  readonly cut?: true;
}

/** Of a run that is captured: what an attempt is given. */
export type StepInputRecorded = E<'step.input_recorded', OfValue, { readonly input: Json }>;

/** Of a run that is captured: what an attempt came to. */
export type StepOutputRecorded = E<'step.output_recorded', OfValue, { readonly output: Json }>;

/** Values that are kept of a run for whoever looks into it; what happens never depends on them. */
export type CaptureEvent = StepInputRecorded | StepOutputRecorded;
