import type { Definition, Scope } from '../definition/definition.ts';
import type { JsonObject } from '../json.ts';
import { queueAttempt, rejectAttempt } from './admission.ts';
import { advance, advanceAll } from './advance.ts';
import type {
  Admit,
  CompleteAttempt,
  ConfirmChild,
  DecideApproval,
  EndChild,
  ExecutionCommand,
  FailAttempt,
  Heartbeat,
  Queue,
  Reject,
  LogLines,
  Migrate,
  Signal,
  Start,
  Take,
} from './commands.ts';
import { advanceCompensation, attemptsOf, completeCompensation, failCompensation } from './compensation.ts';
import { evaluateFields, evaluatePayload } from './evaluate.ts';
import type { ExecutionEvent } from './events.ts';
import { fireTimer } from './fire.ts';
import { answerRun, goOnWithRun, isLimited } from './go-on.ts';
import { searchAtStart } from './search.ts';
import { completeStep, failExecution } from './settle.ts';
import { completeStepByHand, failStepByHand, skipStep } from './operate/by-hand.ts';
import { cancel, terminate } from './operate/cancel.ts';
import { migrate } from './operate/migrate.ts';
import { pause, resume } from './operate/pause.ts';
import { requireActive } from './operate/refuse.ts';
import { compensate, retry } from './operate/retry.ts';
import { setVariables } from './operate/set-variables.ts';
import { openSpot, type Spot } from './spot.ts';
import { phaseOf, runsBranches, stepOf, type ExecutionState, type Parent } from './state.ts';
import { admitAttempt, failAttemptOf } from './steps/activity.ts';
import { decideApproval } from './steps/approval.ts';
import { confirmChild, endChild } from './steps/child.ts';
import { signalWait } from './steps/wait.ts';
import { recordLines } from './log-lines.ts';
import { decideTracing } from './tracing.ts';
import { limitedBy, openTurn, type DecideContext, type Turn } from './turn.ts';
import { takenBy } from './worker.ts';

/** What follows from a command: the events to append, and the state when they are. No events: it changes nothing. */
export interface Decision {
  readonly events: readonly ExecutionEvent[];
  readonly state: ExecutionState;
  /** The definition that it has then. */
  readonly definition: Definition;
  /** More follows at once, and is left to a `go_on` once these events are durable. */
  readonly unfinished: boolean;
}

/**
 * Decides what a command means for an execution. Pure: the same state, command and context give the same events.
 * Throws `Rejection` (`EXECUTION_NOT_FOUND`, `EXECUTION_ENDED` and the like) for what an operator asks in vain;
 * the engine's own reports on what is settled already change nothing.
 */
export const decide = (
  definition: Definition,
  state: ExecutionState,
  command: ExecutionCommand,
  context: DecideContext,
): Decision => {
  const taken = takenBy(command);
  const given = taken === undefined ? context : { ...context, taken };
  const turn = openTurn(command.type === 'migrate' ? command.to : definition, state, given);
  if (command.type === 'migrate') migrated(turn, definition, command);
  else carryOut(turn, command);
  const { events, isFull, definition: now } = turn;
  return { events, state: turn.state, definition: events.length > 0 ? now : definition, unfinished: isFull };
};

/** What has waited for nothing but its turn goes on as the new version says. */
const migrated = (turn: Turn, current: Definition, command: Migrate): void => {
  if (migrate(turn, current, command) && turn.state.status !== 'failed') goOn(turn);
};

const carryOut = (turn: Turn, command: Exclude<ExecutionCommand, Migrate>): void => {
  switch (command.type) {
    case 'start':
      return start(turn, command);
    case 'complete_attempt':
      return completeAttempt(turn, command);
    case 'heartbeat':
      return heartbeat(turn, command);
    case 'fail_attempt':
      return failAttempt(turn, command);
    case 'admit':
    case 'queue':
    case 'reject':
      return answerRequest(turn, command);
    case 'admit_run':
    case 'queue_run':
    case 'reject_run':
      return answerRun(turn, command);
    case 'take':
      return take(turn, command);
    case 'log_lines':
      return void logLines(turn, command);
    case 'confirm_child':
      return confirmed(turn, command);
    case 'end_child':
      return ended(turn, command);
    case 'fire_timer':
      return fireTimer(turn, command);
    case 'go_on':
      return goOn(turn);
    case 'signal':
      return signal(turn, command);
    case 'decide_approval':
      return decided(turn, command);
    case 'cancel':
      return cancel(turn, command);
    case 'terminate':
      return terminate(turn, command);
    case 'pause':
      return pause(turn, command);
    case 'resume':
      return resume(turn, command);
    case 'retry':
      return retry(turn, command);
    case 'compensate':
      return compensate(turn, command);
    case 'skip_step':
      return skipStep(turn, command);
    case 'complete_step':
      return completeStepByHand(turn, command);
    case 'fail_step':
      return failStepByHand(turn, command);
    case 'set_variables':
      return setVariables(turn, command);
    default:
      return command satisfies never;
  }
};

const start = (turn: Turn, command: Start): void => {
  const { trigger, withheld, triggeredBy, tags, parent } = command;
  if (turn.state.status !== 'none') return;
  const { workflow, hash, variables, runTimeout } = turn.definition;
  const { kept: given, seen } = withheld === undefined ? givenBy(command) : NOTHING_GIVEN;
  const evaluated = () =>
    evaluatePayload(turn, () => ({ ...given, variables: evaluateFields(variables, seen) }), 0);
  const read = withheld === undefined ? evaluated() : { ok: false as const, error: withheld };
  const by = triggeredBy === undefined ? {} : { triggeredBy };
  turn.emit({
    type: 'execution.started',
    facts: {
      workflow,
      definition: hash,
      trigger,
      // Of one that has to wait it begins when that is over.
      ...(isLimited(turn) ? {} : limitedBy(turn, runTimeout)),
      ...tracingFacts(turn, command),
      ...(read.ok ? searchAtStart(turn.definition, startScope(turn, seen, read.value.variables), tags) : {}),
      ...(parent === undefined ? {} : factsOf(parent)),
    },
    payload: { ...(read.ok ? read.value : { ...given, variables: {} }), ...by },
  });
  if (read.ok) goOnWithRun(turn);
  else failExecution(turn, '', read.error);
};

/** What starts a run, as it is kept with it, each payload once, and as its variables see it. */
const givenBy = ({ input, event, events }: Pick<Start, 'input' | 'event' | 'events'>) => ({
  kept: events === undefined ? { input, event } : { input, event: null, events },
  seen: { input, event: events === undefined ? event : (events.at(-1) ?? null), events: events ?? [] },
});

const NOTHING_GIVEN = givenBy({ input: null, event: null });

const startScope = (
  { definition, context }: Turn,
  seen: ReturnType<typeof givenBy>['seen'],
  variables: JsonObject,
): Scope => ({
  ...seen,
  workflow: {
    ...variables,
    id: context.executionId,
    name: definition.workflow,
    started_at: new Date(context.now).toISOString(),
  },
});

const tracingFacts = ({ definition, context }: Turn, { trace = false }: Start) => {
  const tracing = decideTracing(definition.tracing, context.executionId, trace);
  const traced = definition.tracing?.components;
  return {
    ...(tracing === undefined ? {} : { tracing }),
    ...(traced === undefined ? {} : { traced }),
  };
};

const factsOf = ({ execution, step, revision, depth }: Parent) => ({
  parent: execution,
  parentStep: step,
  parentRevision: revision,
  depth,
});

/** The step whose attempt a report is about; `undefined` when that attempt is not under way. */
const attempted = (turn: Turn, path: string, attempt: number): Spot | undefined => {
  const known = stepOf(turn.state, path);
  if (known?.status !== 'running' || known.attempt !== attempt || runsBranches(known)) return undefined;
  return openSpot(turn, path);
};

const runningCompensation = ({ state }: Turn, name: string, attempt: number) => {
  const plan = state.compensation;
  if (phaseOf(state) !== 'compensating' || plan?.status !== 'running') return undefined;
  return plan.todo[plan.settled] === name && attemptsOf(plan) === attempt ? plan : undefined;
};

/** Records what its activity has written; answers whether the attempt is under way. */
const logLines = (turn: Turn, command: CompleteAttempt | FailAttempt | LogLines): boolean => {
  const { step, attempt, compensation } = command;
  const running = compensation
    ? runningCompensation(turn, step, attempt)
    : attempted(turn, step, attempt) && stepOf(turn.state, step);
  if (running === undefined) return false;
  recordLines(turn, command, running.activity);
  return true;
};

const completeAttempt = (turn: Turn, command: CompleteAttempt): void => {
  if (!logLines(turn, command)) return;
  const { step, attempt, compensation, output } = command;
  if (compensation) {
    const plan = runningCompensation(turn, step, attempt);
    if (plan !== undefined) completeCompensation(turn, plan, step, output);
    return;
  }
  const spot = attempted(turn, step, attempt);
  if (spot === undefined) return;
  completeStep(turn, spot, output);
  advance(turn, spot.branch);
};

const heartbeat = (turn: Turn, { step, attempt, progress }: Heartbeat): void => {
  if (attempted(turn, step, attempt) === undefined) return;
  const { activity = '' } = stepOf(turn.state, step) ?? {};
  const facts = { workflow: turn.state.workflow, step, activity, attempt };
  turn.emit({ type: 'step.heartbeat', facts, payload: { progress } });
};

const failAttempt = (turn: Turn, command: FailAttempt): void => {
  if (!logLines(turn, command)) return;
  if (command.compensation) {
    const plan = runningCompensation(turn, command.step, command.attempt);
    if (plan !== undefined) failCompensation(turn, plan, command);
    return;
  }
  const spot = attempted(turn, command.step, command.attempt);
  if (spot === undefined) return;
  failAttemptOf(turn, spot, command);
  advance(turn, spot.branch);
};

const confirmed = (turn: Turn, command: ConfirmChild): void => {
  const spot = attempted(turn, command.step, command.attempt);
  if (spot === undefined || !confirmChild(turn, spot, command)) return;
  advance(turn, spot.branch);
};

const ended = (turn: Turn, command: EndChild): void => {
  const spot = openSpot(turn, command.step);
  if (spot === undefined || stepOf(turn.state, command.step)?.child !== command.child) return;
  endChild(turn, spot, command);
  advance(turn, spot.branch);
};

/** An answer to what a step does not ask any more, or asks anew, changes nothing. */
const answerRequest = (turn: Turn, command: Admit | Queue | Reject): void => {
  const spot = openSpot(turn, command.step);
  const { asks, attempt = 0 } = stepOf(turn.state, command.step) ?? {};
  if (spot === undefined || turn.state.status === 'paused' || !asks || attempt + 1 !== command.attempt)
    return;
  const { step, ...at } = spot;
  if (step.kind !== 'activity') return;
  if (command.type === 'queue') queueAttempt(turn, { step, ...at }, command);
  else if (command.type === 'admit') admitAttempt(turn, { step, ...at }, command.passed);
  else rejectAttempt(turn, { step, ...at }, command.refusal);
  advance(turn, spot.branch);
};

/** What waits no more, or asks whoever limits its activity, is not taken. */
const take = (turn: Turn, { step: path, compensation }: Take): void => {
  if (turn.state.status === 'paused') return;
  const { status, todo = [], settled = 0 } = turn.state.compensation ?? {};
  if (compensation) {
    if (status === 'queued' && todo[settled] === path) advanceCompensation(turn);
    return;
  }
  const spot = openSpot(turn, path);
  const known = stepOf(turn.state, path);
  if (spot !== undefined && known?.status === 'queued' && !known.asks) advance(turn, spot.branch);
};

/** Whoever takes up a run may ask for this more than once: what is under way is left as it is. */
const goOn = (turn: Turn): void => {
  const { status } = turn.state.compensation ?? {};
  if (status === 'queued' || status === 'idle') advanceCompensation(turn);
  if (phaseOf(turn.state) === 'running') advanceAll(turn);
};

const signal = (turn: Turn, { signal: name, payload }: Signal): void => {
  requireActive(turn);
  const awaiting = Object.entries(turn.state.steps).filter(([, step]) => step.signal === name);
  // During a pause it is kept for whoever waits for it.
  const spot =
    turn.state.status === 'paused'
      ? undefined
      : awaiting.map(([path]) => openSpot(turn, path)).find((open) => open !== undefined);
  if (spot !== undefined) {
    signalWait(turn, spot, name, payload);
    advance(turn, spot.branch);
    return;
  }
  turn.emit({
    type: 'signal.received',
    facts: { workflow: turn.state.workflow, signal: name, step: '' },
    payload: { payload },
  });
};

const decided = (turn: Turn, command: DecideApproval): void => {
  requireActive(turn);
  advance(turn, decideApproval(turn, command).branch);
};
