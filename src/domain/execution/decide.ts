import type { Definition, Step } from '../definition/definition.ts';
import { Rejection } from '../rejection.ts';
import { advance } from './advance.ts';
import type {
  Cancel,
  CompleteAttempt,
  ExecutionCommand,
  FailAttempt,
  FireTimer,
  Signal,
  Start,
} from './commands.ts';
import { advanceCompensation, completeCompensation, failCompensation } from './compensation.ts';
import type { ExecutionEvent } from './events.ts';
import { isFinal } from './lifecycle.ts';
import { stepOf, type ExecutionState } from './state.ts';
import { beginActivity, completeActivity, failActivity } from './steps/activity.ts';
import { evaluateFields, evaluatePayload } from './evaluate.ts';
import { failExecution } from './steps/settle.ts';
import { fireWait, signalWait } from './steps/wait.ts';
import { endFacts, openTurn, type DecideContext, type Turn } from './turn.ts';

/** What follows from a command: the events to append, and the state when they are. No events: it changes nothing. */
export interface Decision {
  readonly events: readonly ExecutionEvent[];
  readonly state: ExecutionState;
}

/**
 * Decides what a command means for an execution. Pure: the same state, command and context give the same events.
 * Throws `Rejection` (`EXECUTION_NOT_FOUND`, `EXECUTION_ENDED`) for what an operator asks in vain;
 * the engine's own reports on what is settled already change nothing.
 */
export const decide = (
  definition: Definition,
  state: ExecutionState,
  command: ExecutionCommand,
  context: DecideContext,
): Decision => {
  const turn = openTurn(definition, state, context);
  carryOut(turn, command);
  return { events: turn.events, state: turn.state };
};

const carryOut = (turn: Turn, command: ExecutionCommand): void => {
  switch (command.type) {
    case 'start':
      return start(turn, command);
    case 'complete_attempt':
      return completeAttempt(turn, command);
    case 'fail_attempt':
      return failAttempt(turn, command);
    case 'fire_timer':
      return fireTimer(turn, command);
    case 'resume_queued':
      return resumeQueued(turn);
    case 'signal':
      return signal(turn, command);
    case 'cancel':
      return cancel(turn, command);
    default:
      return command satisfies never;
  }
};

const start = (turn: Turn, { trigger, input, event, withheld }: Start): void => {
  if (turn.state.status !== 'none') return;
  const { workflow, hash, variables } = turn.definition;
  const given = withheld === undefined ? { input, event } : { input: null, event: null };
  const evaluated = () =>
    evaluatePayload(turn, () => ({ ...given, variables: evaluateFields(variables, given) }), 0);
  const read = withheld === undefined ? evaluated() : { ok: false as const, error: withheld };
  turn.emit({
    type: 'execution.started',
    facts: { workflow, definition: hash, trigger },
    payload: read.ok ? read.value : { ...given, variables: {} },
  });
  if (read.ok) advance(turn);
  else failExecution(turn, '', read.error);
};

const currentStep = ({ definition, state }: Turn, name: string): Step | undefined => {
  const step = definition.steps[state.cursor];
  return state.status === 'running' && step?.name === name ? step : undefined;
};

/** The step whose attempt a report is about; `undefined` when that attempt is not under way. */
const runningStep = (turn: Turn, name: string, attempt: number) => {
  const step = currentStep(turn, name);
  const { status, attempt: latest } = stepOf(turn.state, name) ?? {};
  return step?.kind === 'activity' && status === 'running' && latest === attempt ? step : undefined;
};

const runningCompensation = ({ state }: Turn, name: string, attempt: number) => {
  const plan = state.compensation;
  if (state.status !== 'compensating' || plan?.status !== 'running') return undefined;
  return plan.todo[plan.settled] === name && plan.attempt === attempt ? plan : undefined;
};

const completeAttempt = (
  turn: Turn,
  { step: name, attempt, compensation, output }: CompleteAttempt,
): void => {
  if (compensation) {
    const plan = runningCompensation(turn, name, attempt);
    if (plan !== undefined) completeCompensation(turn, plan, name, output);
    return;
  }
  const step = runningStep(turn, name, attempt);
  if (step === undefined) return;
  completeActivity(turn, step, output);
  advance(turn);
};

const failAttempt = (turn: Turn, command: FailAttempt): void => {
  if (command.compensation) {
    const plan = runningCompensation(turn, command.step, command.attempt);
    if (plan !== undefined) failCompensation(turn, plan, command);
    return;
  }
  const step = runningStep(turn, command.step, command.attempt);
  if (step === undefined) return;
  failActivity(turn, step, command);
  advance(turn);
};

const fireTimer = (turn: Turn, { step: name, dueAt }: FireTimer): void => {
  const plan = turn.state.compensation;
  if (turn.state.status === 'compensating') {
    if (plan?.status === 'retrying' && plan.dueAt === dueAt && plan.todo[plan.settled] === name)
      advanceCompensation(turn);
    return;
  }
  const step = currentStep(turn, name);
  const known = stepOf(turn.state, name);
  if (step === undefined || known?.dueAt !== dueAt) return;
  if (step.kind === 'wait') fireWait(turn, step, dueAt);
  else if (step.kind === 'activity') beginActivity(turn, step);
  advance(turn);
};

/** Whoever takes up a run may ask for this more than once: only what is still queued goes on. */
const resumeQueued = (turn: Turn): void => {
  if (turn.state.compensation?.status === 'queued') advanceCompensation(turn);
  if (turn.state.status !== 'running') return;
  const step = turn.definition.steps[turn.state.cursor];
  if (step !== undefined && stepOf(turn.state, step.name)?.status === 'queued') advance(turn);
};

const signal = (turn: Turn, { signal: name, payload }: Signal): void => {
  requireActive(turn);
  const step = turn.definition.steps[turn.state.cursor];
  if (turn.state.status === 'running' && step?.kind === 'wait' && signalWait(turn, step, name, payload)) {
    advance(turn);
    return;
  }
  turn.emit({
    type: 'signal.received',
    facts: { workflow: turn.state.workflow, signal: name, step: '' },
    payload: { payload },
  });
};

const cancel = (turn: Turn, { reason }: Cancel): void => {
  requireActive(turn);
  turn.emit({ type: 'execution.cancelled', facts: endFacts(turn), payload: { reason } });
};

const requireActive = ({ state, context }: Turn): void => {
  const { executionId } = context;
  if (state.status === 'none') {
    throw new Rejection(
      'EXECUTION_NOT_FOUND',
      `Expected the id of an execution, but there is none with "${executionId}".`,
      {
        field: 'executionId',
        found: executionId,
      },
    );
  }
  if (isFinal(state.status)) {
    throw new Rejection(
      'EXECUTION_ENDED',
      `Expected an execution that is active, but ${executionId} is ${state.status}.`,
      {
        field: 'executionId',
        found: state.status,
        expected: 'running or compensating',
      },
    );
  }
};
