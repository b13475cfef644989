import { own } from '../json.ts';
import type { ExecutionEvent, ExecutionStarted, ExecutionStatus } from './events.ts';
import { evolveBranch, jumped } from './evolve-branch.ts';
import { evolveCompensation } from './evolve-compensation.ts';
import { evolveStep } from './evolve-step.ts';
import { TRANSITIONS } from './lifecycle.ts';
import { withFailing } from './failing.ts';
import { evolveOperator, unpaused } from './evolve-operator.ts';
import { evolveRun } from './evolve-run.ts';
import { phaseOf, type ExecutionState } from './state.ts';
import { withVariables } from './variables.ts';

/** An event that cannot happen in the status that the execution is in: the history is not one of ours. */
export class IllegalEvent extends Error {
  readonly code = 'ILLEGAL_EVENT';

  constructor(type: string, status: string) {
    super(`Expected an event that can happen to an execution that is "${status}", but found "${type}".`);
    this.name = 'IllegalEvent';
  }
}

const parentOf = ({ facts }: ExecutionStarted): Pick<ExecutionState, 'parent'> => {
  const { parent: execution, parentStep: step, parentRevision: revision, depth } = facts;
  if (execution === undefined || step === undefined || revision === undefined || depth === undefined)
    return {};
  return { parent: { execution, step, revision, depth } };
};

/** The execution after an event that happened at `at` (ms since the Unix epoch). The same live and in replay. */
export const evolve = (state: ExecutionState, event: ExecutionEvent, at: number): ExecutionState => {
  const status = TRANSITIONS[state.status][event.type];
  if (status === undefined) throw new IllegalEvent(event.type, state.status);
  const isBehindRemoval = event.type === 'execution.restored' || event.type === 'execution.condensed';
  if (state.removed && !isBehindRemoval) throw new IllegalEvent(event.type, 'removed');
  if (!state.removed && isBehindRemoval) throw new IllegalEvent(event.type, state.status);
  return withFailing(state, event, changed(state, event, at, status));
};

const changed = (
  state: ExecutionState,
  event: ExecutionEvent,
  at: number,
  status: ExecutionStatus,
): ExecutionState => {
  switch (event.type) {
    case 'execution.started': {
      const { workflow, definition, trigger, deadline, tracing, search } = event.facts;
      const { input, events, event: payload, variables } = event.payload;
      const begun = { ...state, status, workflow, definition, trigger, startedAt: at, input, event: payload };
      const gathered = events === undefined ? {} : { events, event: events.at(-1) ?? null };
      const limit = deadline === undefined ? {} : { deadline };
      const found = search === undefined ? {} : { search };
      const more = { ...limit, ...(tracing === undefined ? {} : { tracing }), ...found, ...parentOf(event) };
      return { ...begun, variables: withVariables({}, variables), ...gathered, ...more };
    }
    case 'execution.failed':
      return { failure: { step: event.facts.step, error: event.payload.error }, ...unpaused(state), status };
    case 'execution.completed': {
      const given = event.payload === undefined ? {} : { output: event.payload.output };
      return { ...unpaused(state), status, ...given };
    }
    case 'execution.cancelled':
    case 'saga.compensated':
      return { ...unpaused(state), status };
    case 'execution.requested':
    case 'execution.queued':
    case 'execution.admitted':
    case 'execution.rejected':
      return evolveRun(state, event, at);
    case 'execution.paused':
    case 'execution.resumed':
    case 'execution.retried':
    case 'execution.migrated':
      return evolveOperator(state, event, at);
    case 'saga.compensating':
    case 'saga.continued':
    case 'step.compensating':
    case 'step.compensated':
    case 'step.compensation_failed':
      return evolveCompensation({ ...state, status }, event, at);
    case 'step.queued':
    case 'step.retry_scheduled':
      return phaseOf(state) === 'compensating'
        ? evolveCompensation(state, event, at)
        : evolveStep(state, event, at);
    case 'step.jumped':
      return jumped(state, event);
    case 'branch.completed':
    case 'branch.failed':
    case 'branch.cancelled':
      return evolveBranch(state, event);
    case 'signal.received': {
      const { signal, step } = event.facts;
      if (step !== '') return evolveStep(state, event, at);
      const kept = [...(own(state.signals, signal) ?? []), event.payload.payload];
      return { ...state, signals: { ...state.signals, [signal]: kept } };
    }
    case 'variables.set':
      if (event.facts.step !== '') return evolveStep(state, event, at);
      return { ...state, variables: withVariables(state.variables, event.payload.variables) };
    case 'step.input_recorded':
    case 'step.output_recorded':
    case 'step.logged':
    case 'execution.condensed':
      return state;
    case 'execution.removed':
      return { ...state, removed: true };
    case 'execution.restored': {
      const { removed: _no, ...rest } = state;
      return rest;
    }
    case 'timer.fired':
      // That the time of the run or of its undoing is over is recorded with what it leads to.
      return event.facts.step === '' ? state : evolveStep(state, event, at);
    default:
      return evolveStep(state, event, at);
  }
};
