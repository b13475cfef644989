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

const IDLE = { status: 'idle', activity: '', tries: 0, startedAt: 0 } as const;

const begun = (todo: readonly string[]): CompensationState => ({
  todo,
  settled: 0,
  failed: [],
  attempts: {},
  ...IDLE,
});

/** The attempts that still count once what is undone now is settled: those of steps that are undone again. */
const leftOf = (
  { todo, settled }: CompensationState,
  attempts: CompensationState['attempts'],
): CompensationState['attempts'] =>
  Object.fromEntries(Object.entries(attempts).filter(([step]) => todo.includes(step, settled + 1)));

const evolvePlan = (
  plan: CompensationState,
  event: Exclude<CompensationEvent, SagaCompensating>,
  at: number,
): CompensationState => {
  const { todo, settled, failed, attempts } = plan;
  switch (event.type) {
    case 'step.queued':
      return { ...plan, status: 'queued', activity: event.facts.activity };
    case 'step.compensating': {
      const { step, activity, attempt } = event.facts;
      const begun = { todo, settled, failed, attempts: { ...attempts, [step]: attempt } };
      return { ...begun, status: 'running', activity, tries: plan.tries + 1, startedAt: at };
    }
    case 'step.retry_scheduled': {
      const { dueAt, uncounted } = event.facts;
      return { ...plan, status: 'retrying', dueAt, tries: uncounted ? plan.tries - 1 : plan.tries };
    }
    case 'step.compensated':
      return { todo, failed, attempts: leftOf(plan, attempts), ...IDLE, settled: settled + 1 };
    case 'step.compensation_failed': {
      const { step, attempt } = event.facts;
      const counted = leftOf(plan, { ...attempts, [step]: attempt });
      return { todo, failed: [...failed, step], attempts: counted, ...IDLE, settled: settled + 1 };
    }
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
