import type { Definition } from '../definition/definition.ts';
import type { Json } from '../json.ts';
import type { CaptureEvent } from './capture-events.ts';
import { CAPTURE_LIMIT, cutValue } from './cut-value.ts';
import type { ExecutionEvent } from './events.ts';
import { nameOf } from './path.ts';
import type { ExecutionState } from './state.ts';

/** What values are captured from. */
export interface Captured {
  readonly definition: Definition;
  readonly state: ExecutionState;
  /** The most bytes of a payload, where they are counted. */
  readonly maxPayload: number | undefined;
}

// What a payload has around its value.
const AROUND = 16;

const kept = ({ maxPayload = Infinity }: Captured, value: Json) =>
  cutValue(value, Math.min(CAPTURE_LIMIT, maxPayload - AROUND));

type Attempt = Extract<
  ExecutionEvent,
  { type: 'step.started' | 'step.completed' | 'step.compensating' | 'step.compensated' }
>;

const factsOf = (
  { type, facts: { workflow, step, attempt } }: Attempt,
  { bytes, cut }: ReturnType<typeof cutValue>,
): CaptureEvent['facts'] => ({
  workflow,
  step,
  attempt,
  ...(type === 'step.compensating' || type === 'step.compensated' ? { compensation: true } : {}),
  bytes,
  ...(cut ? { cut: true } : {}),
});

/** What an attempt is given that begins with this event; `undefined` for any other event. */
export const inputRecorded = (of: Captured, event: ExecutionEvent): CaptureEvent | undefined => {
  if (event.type !== 'step.started' && event.type !== 'step.compensating') return undefined;
  const input = kept(of, inputOf(of, event));
  return { type: 'step.input_recorded', facts: factsOf(event, input), payload: { input: input.json } };
};

/** A call without an input of its own is given all variables; a wait is given nothing. */
const inputOf = (
  { definition, state }: Captured,
  event: Extract<Attempt, { type: 'step.started' | 'step.compensating' }>,
): Json => {
  if (event.payload !== undefined) return event.payload.input;
  const kind = definition.places.get(nameOf(event.facts.step))?.step.kind;
  const isCall = event.type === 'step.compensating' || event.facts.fallback || kind === 'activity';
  return isCall ? state.variables : null;
};

/** What an attempt came to that ends well with this event; `undefined` for any other event. */
export const outputRecorded = (of: Captured, event: ExecutionEvent): CaptureEvent | undefined => {
  if (event.type !== 'step.completed' && event.type !== 'step.compensated') return undefined;
  const output = kept(of, event.payload.output);
  return { type: 'step.output_recorded', facts: factsOf(event, output), payload: { output: output.json } };
};
