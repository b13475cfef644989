import type { Definitions } from '../commands/definitions.ts';
import { checkInput } from '../commands/check-input.ts';
import { emit, type Emitting } from '../commands/emit.ts';
import { ENGINE } from '../commands/envelope.ts';
import type { Executions, LiveExecution } from '../commands/executions.ts';
import { nameOf } from '../domain/execution/path.ts';
import type { PendingAttempt } from '../domain/execution/pending.ts';
import { stepOf } from '../domain/execution/state.ts';
import type { Json } from '../domain/json.ts';
import { Rejection } from '../domain/rejection.ts';
import { LogUnavailable } from '../ports/event-log.ts';
import { childIdOf } from '../domain/uuid.ts';
import type { Outcome } from './attempt.ts';
import { startedTrace } from './attempt-trace.ts';
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
export type Providing = () => Provision;

interface Provision extends Emitting {
  readonly executions: Pick<Executions, 'start' | 'load'>;
  readonly definitions: Emitting['definitions'] & Pick<Definitions, 'startable'>;
  readonly maxPayload: number;
}

/** Does it by the commands that others give, too. */
export const createProvide =
  (providing: Providing): Provide =>
  async (execution, attempt, input) => {
    const parts = providing();
    try {
      const provided = attempt.provided === 'workflow' ? startChildFor : emitFor;
      return { ok: true, output: await provided(parts, execution, attempt, input) };
    } catch (error) {
      if (error instanceof LogUnavailable) return undefined;
      if (error instanceof Rejection && error.code === 'UNAVAILABLE') return undefined;
      const retry = attempt.provided === 'workflow' ? 'by_policy' : 'never';
      return { ok: false, error: errorPayload(named(error), parts.maxPayload).error, retry };
    }
  };

const emitFor = async (
  parts: Emitting,
  execution: LiveExecution,
  attempt: PendingAttempt,
  payload: Json,
): Promise<Json> => {
  const { id, tenant, definition } = execution;
  const { step, visit } = attempt;
  const emitting = definition.places.get(nameOf(step))?.step;
  if (emitting?.kind !== 'emit') throw new TypeError(`Expected a step that emits, but ${step} does not.`);
  const { eventId, executions } = await emit(parts, {
    type: emitting.event,
    payload,
    idempotencyKey: undefined,
    caller: { actor: ENGINE, tenant, traceparent: startedTrace(execution, attempt) },
    by: { execution: id, step, visit },
  });
  return { eventId, executions: executions.map(({ executionId }) => executionId) };
};

/** Starts the child of a step unless it is there; answers the hash of the definition that it runs. */
const startChildFor = async (
  { definitions, executions }: Provision,
  parent: LiveExecution,
  pending: PendingAttempt,
  input: Json,
): Promise<Json> => {
  const { id, tenant, definition, state, head } = parent;
  const { step: path, attempt } = pending;
  const step = definition.places.get(nameOf(path))?.step;
  const { child } = stepOf(state, path) ?? {};
  if (step?.kind !== 'workflow' || child === undefined)
    throw new TypeError(`Expected a step that starts a child, but ${path} does not.`);
  // Of an attempt before this one: the child may be there, by a version that was the latest then.
  const known = child === childIdOf(id, path, attempt) ? undefined : await executions.load(child);
  if (known !== undefined) return known.definition.hash;
  const { workflow, version: number } = step;
  const version = await (typeof number === 'string'
    ? definitions.get(workflow, number)
    : definitions.startable(workflow, number));
  checkInput(version, input);
  const { execution } = await executions.start(
    child,
    version,
    {
      type: 'start',
      id: child,
      trigger: 'workflow',
      input,
      event: null,
      ...(state.tracing === 'explicit' ? { trace: true } : {}),
      parent: {
        execution: id,
        step: path,
        revision: head.revision,
        depth: step.wait ? (state.parent?.depth ?? 0) + 1 : 0,
      },
    },
    { actor: ENGINE, tenant, traceparent: startedTrace(parent, pending) },
  );
  return execution.definition.hash;
};

/** Errors of steps are told apart by type, as those of activities are. */
const named = (error: unknown): unknown => {
  if (!(error instanceof Rejection)) return error;
  const { code, message, details } = error;
  return { type: code === 'PAYLOAD_TOO_LARGE' ? 'PayloadTooLarge' : code, message, details };
};
