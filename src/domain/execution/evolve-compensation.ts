import type { SagaCompensating, SagaContinued } from './ending-events.ts';
import type {
  StepCompensated,
  StepCompensating,
  StepCompensationFailed,
  StepQueued,
  StepRetryScheduled,
} from './events.ts';
import { takenFrom } from './worker.ts';
import { wholeOf, type CompensationState, type ExecutionState } from './state.ts';

/** What happens while a run is undone. */
export type CompensationEvent =
  | SagaCompensating
  | SagaContinued
  | StepQueued
  | StepCompensating
  | StepCompensated
  | StepCompensationFailed
  | StepRetryScheduled;

const IDLE = { status: 'idle', activity: '', tries: 0, startedAt: 0 } as const;

const limited = (deadline: number | undefined): Pick<CompensationState, 'deadline'> =>
  deadline === undefined ? {} : { deadline };

const leftOf = (plan: CompensationState): readonly number[] => [
  ...plan.left,
  ...Array.from({ length: wholeOf(plan) - plan.settled }, (_, n) => plan.settled + n),
];

/** What is left of an undoing before is undone once more; attempts count on. */
const begun = (todo: readonly string[], before?: CompensationState): CompensationState => ({
  todo,
  settled: 0,
  failed: [],
  left: [],
  attempts: before?.attempts ?? {},
  ...(before === undefined ? {} : { places: leftOf(before).map((at) => before.places?.[at] ?? at) }),
  ...IDLE,
});

/** The attempts that still count once what is undone now is settled: those of steps that are undone again, or are left. */
const countedOf = (
  { todo, more, settled, failed, attempts }: CompensationState,
  { step, attempt }: StepCompensated['facts'],
  isLeft: boolean,
): CompensationState['attempts'] => {
  // What is not named yet may be the same step.
  if (isLeft || more !== undefined || todo.includes(step, settled + 1) || failed.includes(step))
    return { ...attempts, [step]: attempt };
  const { [step]: _over, ...others } = attempts;
  return others;
};

const namesMore = (more: number | undefined) => (more === undefined ? {} : { more });

/** What stays as it is from one thing that is undone to the next. */
const kept = ({
  todo,
  more,
  settled,
  failed,
  left,
  attempts,
  places,
  cancelled,
  deadline,
}: CompensationState) => ({
  ...limited(deadline),
  todo,
  ...namesMore(more),
  settled,
  failed,
  left,
  attempts,
  ...(places === undefined ? {} : { places }),
  ...(cancelled === undefined ? {} : { cancelled }),
});

const evolvePlan = (
  plan: CompensationState,
  event: Exclude<CompensationEvent, SagaCompensating>,
  at: number,
): CompensationState => {
  const { settled, failed, left, attempts } = plan;
  switch (event.type) {
    case 'saga.continued': {
      const { more: _named, ...rest } = plan;
      return { ...rest, todo: [...plan.todo, ...event.facts.steps], ...namesMore(event.facts.more) };
    }
    case 'step.queued':
      return { ...plan, status: 'queued', activity: event.facts.activity };
    case 'step.compensating': {
      const { step, activity, attempt } = event.facts;
      const known = { ...kept(plan), attempts: { ...attempts, [step]: attempt } };
      return {
        ...known,
        status: 'running',
        activity,
        tries: plan.tries + 1,
        startedAt: at,
        ...takenFrom(event.facts),
      };
    }
    case 'step.retry_scheduled': {
      const { dueAt, uncounted } = event.facts;
      const { taken: _taken, ...rest } = plan;
      return { ...rest, status: 'retrying', dueAt, tries: uncounted ? plan.tries - 1 : plan.tries };
    }
    case 'step.compensated': {
      const counted = countedOf(plan, event.facts, false);
      return { ...kept(plan), attempts: counted, ...IDLE, settled: settled + 1 };
    }
    case 'step.compensation_failed': {
      const known = { failed: [...failed, event.facts.step], left: [...left, settled] };
      const counted = countedOf(plan, event.facts, true);
      return { ...kept(plan), ...known, attempts: counted, ...IDLE, settled: settled + 1 };
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
    const { step, steps, more, cause, deadline } = event.facts;
    const { failing: _over, ...rest } = state;
    const plan = { ...begun(steps, state.compensation), ...namesMore(more), ...limited(deadline) };
    const compensation = cause === undefined ? plan : { ...plan, cancelled: true as const };
    return { ...rest, failure: { step, error: event.payload.error }, compensation };
  }
  return { ...state, compensation: evolvePlan(state.compensation ?? begun([]), event, at) };
};
