import type {
  SagaCompensating,
  StepCompensated,
  StepCompensating,
  StepCompensationFailed,
  StepQueued,
  StepRetryScheduled,
} from './events.ts';
import type { CompensationState, ExecutionState } from './state.ts';

/** What happens while a run is undone. */
export type CompensationEvent =
  | SagaCompensating
  | StepQueued
  | StepCompensating
  | StepCompensated
  | StepCompensationFailed
  | StepRetryScheduled;

const IDLE = { status: 'idle', activity: '', attempt: 0, tries: 0, startedAt: 0 } as const;

const begun = (todo: readonly string[]): CompensationState => ({ todo, settled: 0, failed: [], ...IDLE });

const evolvePlan = (
  plan: CompensationState,
  event: Exclude<CompensationEvent, SagaCompensating>,
  at: number,
): CompensationState => {
  const { todo, settled, failed } = plan;
  switch (event.type) {
    case 'step.queued':
      return { ...plan, status: 'queued', activity: event.facts.activity };
    case 'step.compensating': {
      const { activity, attempt } = event.facts;
      const tries = plan.tries + 1;
      return { todo, settled, failed, status: 'running', activity, attempt, tries, startedAt: at };
    }
    case 'step.retry_scheduled': {
      const { dueAt, uncounted } = event.facts;
      return { ...plan, status: 'retrying', dueAt, tries: uncounted ? plan.tries - 1 : plan.tries };
    }
    case 'step.compensated':
      return { todo, failed, ...IDLE, settled: settled + 1 };
    case 'step.compensation_failed':
      return { todo, ...IDLE, settled: settled + 1, failed: [...failed, event.facts.step] };
    default:
      return event satisfies never;
  }
};

/** The execution after a step of its undoing. */
export const evolveCompensation = (
  state: ExecutionState,
  event: CompensationEvent,
  at: number,
): ExecutionState => {
  if (event.type === 'saga.compensating') {
    const failure = { step: event.facts.step, error: event.payload.error };
    return { ...state, failure, compensation: begun(event.facts.steps) };
  }
  return { ...state, compensation: evolvePlan(state.compensation ?? begun([]), event, at) };
};
