import type { Json } from '../json.ts';
import type { Definition } from '../definition/definition.ts';
import { nameOf } from './path.ts';
import { attemptsOf } from './compensation.ts';
import type { ExecutionEvent, Limit } from './events.ts';
import type { Rank } from './rank.ts';
import {
  phaseOf,
  runsBranches,
  type CompensationState,
  type ExecutionState,
  type StepState,
} from './state.ts';
import { undoneStep } from './undo-plan.ts';
import type { Worker } from './worker.ts';

/** A call of an activity that is to be made, or was under way when its node died. */
export interface PendingAttempt {
  readonly kind: 'attempt';
  readonly step: string;
  readonly activity: string;
  readonly attempt: number;
  /** How often the run has come to the step. */
  readonly visit: number;
  readonly compensation: boolean;
  /** What of the value of the workflow's key is kept, where its activities have limits by that. */
  readonly lane?: string;
  /** It is no activity that somebody serves: the engine itself does it, and doing it twice is doing it once. */
  readonly provided?: Provided;
  /** Who makes it, if it is no node: a node that dies does not end it. */
  readonly taken?: Worker;
}

/** What the engine itself does for a step. */
export type Provided = 'emit' | 'workflow';

/** A time that a step waits for, or a limit of it. */
export interface PendingTimer {
  readonly kind: 'timer';
  /** Empty for the limits of the run and of its undoing. */
  readonly step: string;
  readonly dueAt: number;
  readonly limit?: Limit;
}

/** An execution that a step has started and waits for. */
export interface PendingChild {
  readonly kind: 'child';
  readonly step: string;
  readonly child: string;
}

/** An attempt that is made once what limits its activity lets it through. */
export interface PendingAdmission extends Rank {
  readonly kind: 'admission';
  readonly step: string;
  readonly activity: string;
  /** The number that it will have. */
  readonly attempt: number;
  /** What its limit of calls in a time is for. */
  readonly rateKey?: string;
}

/** The whole run goes on once fewer of its workflow's do than may. */
export interface PendingRun extends Rank {
  readonly kind: 'run';
  readonly step: '';
  /** Which of its requests it is. */
  readonly request: number;
}

/** What an active execution waits for: to go on at all, a call, to be let through to one, a time, somebody to serve its activity, a child, a signal, or a decision. */
export type Pending =
  | PendingAttempt
  | PendingTimer
  | PendingChild
  | {
      readonly kind: 'activity';
      readonly step: string;
      readonly activity: string;
      readonly provided?: Provided;
    }
  | PendingAdmission
  | PendingRun
  | { readonly kind: 'signal' | 'approval'; readonly step: string };

/** What an execution waits for; nothing when it has ended. */
export const pendingOf = (definition: Definition, state: ExecutionState): readonly Pending[] => {
  const pending = pendingIn(definition, state);
  // While it is paused, only what is under way ends.
  const ends = ({ kind }: Pending): boolean => kind === 'attempt' || kind === 'child';
  return state.status === 'paused' ? pending.filter(ends) : pending;
};

const pendingIn = (definition: Definition, state: ExecutionState): readonly Pending[] => {
  const phase = phaseOf(state);
  if (phase === 'compensating') return pendingCompensation(definition, state);
  if (phase === 'queued') return pendingRun(state);
  if (phase !== 'running') return [];
  const pending: Pending[] = [];
  for (const [path, step] of Object.entries(state.steps)) {
    if (step.done) continue;
    const waits = pendingStep(definition, path, step);
    if (waits !== undefined) pending.push(waits);
    pending.push(...limitsOf(path, step));
  }
  if (state.deadline !== undefined) pending.push(limit('', state.deadline, 'run'));
  return pending;
};

const pendingRun = ({ request }: ExecutionState): readonly Pending[] => {
  if (request === undefined) return [];
  const { nth, isTold: _told, queuedAt: _since, key: _key, ...rank } = request;
  return [{ kind: 'run', step: '', request: nth, ...rank }];
};

const limit = (step: string, dueAt: number, of: Limit): Pending => ({
  kind: 'timer',
  step,
  dueAt,
  limit: of,
});

const limitsOf = (path: string, { status, dueAt, deadline }: StepState): readonly Pending[] => [
  ...(status === 'queued' && dueAt !== undefined ? [limit(path, dueAt, 'queue')] : []),
  ...(deadline === undefined ? [] : [limit(path, deadline, 'step')]),
];

/** A block waits for nothing but its own steps, and a step that failed for nothing but the turn of its fallback. */
const pendingStep = (definition: Definition, path: string, step: StepState): Pending | undefined => {
  const { status, activity, attempt, visit, dueAt, child, lane, priority } = step;
  const inLane = lane === undefined ? {} : { lane };
  if (runsBranches(step) || status === 'failed') return undefined;
  if (status === 'running')
    return {
      kind: 'attempt',
      step: path,
      activity,
      attempt,
      visit,
      compensation: false,
      ...inLane,
      ...(step.taken === undefined ? {} : { taken: step.taken }),
      ...providedFor(definition, path, step),
    };
  if (step.asks) {
    const { rateKey } = step;
    const keyed = rateKey === undefined ? {} : { rateKey };
    const ranked = priority === undefined ? inLane : { ...inLane, priority };
    return { kind: 'admission', step: path, activity, attempt: attempt + 1, ...keyed, ...ranked };
  }
  if (status === 'queued')
    return { kind: 'activity', step: path, activity, ...providedFor(definition, path, step) };
  // What is to begin once more, which a turn that was full has left to the next.
  if (status === 'cancelled') return undefined;
  if (dueAt !== undefined) return { kind: 'timer', step: path, dueAt };
  if (child !== undefined) return { kind: 'child', step: path, child };
  return { kind: step.assignees === undefined ? 'signal' : 'approval', step: path };
};

const providedFor = (
  { places }: Definition,
  path: string,
  { fallback }: StepState,
): { readonly provided?: Provided } => {
  const kind = fallback ? undefined : places.get(nameOf(path))?.step.kind;
  return kind === 'emit' || kind === 'workflow' ? { provided: kind } : {};
};

const pendingCompensation = (definition: Definition, state: ExecutionState): readonly Pending[] => {
  const plan = state.compensation;
  if (plan === undefined) return [];
  const step = plan.todo[plan.settled];
  const waits = step === undefined ? undefined : pendingUndoing(definition, state, plan, step);
  const limits = plan.deadline === undefined ? [] : [limit('', plan.deadline, 'compensation')];
  return waits === undefined ? limits : [waits, ...limits];
};

const pendingUndoing = (
  definition: Definition,
  state: ExecutionState,
  plan: CompensationState,
  step: string,
): Pending | undefined => {
  const { status, activity, dueAt, taken } = plan;
  const by = taken === undefined ? {} : { taken };
  const attempt = attemptsOf(plan);
  const visit = undoneStep(definition, state)?.visit ?? 1;
  if (status === 'running')
    return { kind: 'attempt', step, activity, attempt, visit, compensation: true, ...by };
  if (status === 'queued') return { kind: 'activity', step, activity };
  return dueAt === undefined ? undefined : { kind: 'timer', step, dueAt };
};

/** Whether it is a limit, besides which something else is waited for unless a turn that was full left that to the next. */
export const isLimit = (waits: Pending): boolean => waits.kind === 'timer' && waits.limit !== undefined;

/** Whether an event begins an attempt, so that its activity is to be called once it is durable. */
export const begins = (
  event: ExecutionEvent,
  { step, attempt, compensation }: Pick<PendingAttempt, 'step' | 'attempt' | 'compensation'>,
): boolean =>
  event.type === (compensation ? 'step.compensating' : 'step.started') &&
  event.facts.step === step &&
  event.facts.attempt === attempt;

/** The input that a started attempt is called with: what its event recorded, or all variables. */
export const attemptInput = (state: ExecutionState, event: ExecutionEvent): Json =>
  (event.type === 'step.started' || event.type === 'step.compensating') && event.payload !== undefined
    ? event.payload.input
    : state.variables;
