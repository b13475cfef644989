import { emit, type Emitting } from '../commands/emit.ts';
import { ENGINE } from '../commands/envelope.ts';
import type { LiveExecution } from '../commands/executions.ts';
import { nameOf } from '../domain/execution/path.ts';
import type { PendingAttempt } from '../domain/execution/pending.ts';
import type { Json } from '../domain/json.ts';
import { Rejection } from '../domain/rejection.ts';
import { LogUnavailable } from '../ports/event-log.ts';
import type { Outcome } from './attempt.ts';
import { errorPayload } from './error-payload.ts';

/**
 * Does what the engine itself does for a step; doing it again is doing it once. Answers `undefined` when that did not
 * come about since the server stops: whoever takes the execution up does it. Never rejects.
 */
export type Provide = (
  execution: LiveExecution,
  attempt: PendingAttempt,
  input: Json,
) => Promise<Outcome | undefined>;

/** What it is done with; asked for anew each time, since an engine is a part of it. */
export type Providing = () => Emitting & { readonly maxPayload: number };

/** Does it by the commands that others give, too. */
export const createProvide =
  (providing: Providing): Provide =>
  async (execution, attempt, input) => {
    const parts = providing();
    try {
      return { ok: true, output: await emitFor(parts, execution, attempt, input) };
    } catch (error) {
      if (error instanceof LogUnavailable) return undefined;
      if (error instanceof Rejection && error.code === 'UNAVAILABLE') return undefined;
      return { ok: false, error: errorPayload(named(error), parts.maxPayload).error, retry: 'never' };
    }
  };

const emitFor = async (
  parts: Emitting,
  { id, tenant, definition }: LiveExecution,
  { step, visit }: PendingAttempt,
  payload: Json,
): Promise<Json> => {
  const emitting = definition.places.get(nameOf(step))?.step;
  if (emitting?.kind !== 'emit') throw new TypeError(`Expected a step that emits, but ${step} does not.`);
  const { eventId, executions } = await emit(parts, {
    type: emitting.event,
    payload,
    idempotencyKey: undefined,
    caller: { actor: ENGINE, tenant, traceparent: undefined },
    by: { execution: id, step, visit },
  });
  return { eventId, executions: executions.map(({ executionId }) => executionId) };
};

/** Errors of steps are told apart by type, as those of activities are. */
const named = (error: unknown): unknown => {
  if (!(error instanceof Rejection)) return error;
  const { code, message, details } = error;
  return { type: code === 'PAYLOAD_TOO_LARGE' ? 'PayloadTooLarge' : code, message, details };
};
