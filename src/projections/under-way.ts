/** A step that is under way, and what it waits for unless its activity is being called. */
export type StepUnderWay = {
  readonly step: string;
  readonly waiting: 'timer' | 'signal' | 'approval' | 'child' | 'queued' | 'branches' | null;
  readonly dueAt: number | null;
};

/** What of an execution is under way, and which of that says most of it. */
export interface UnderWay {
  readonly underWay: readonly StepUnderWay[];
  readonly step: string | null;
  readonly waiting: 'timer' | 'signal' | 'approval' | 'child' | 'queued' | null;
  readonly dueAt: number | null;
}

/** With a step that has begun, or that waits for something else than before. */
export const begun = (before: readonly StepUnderWay[], step: StepUnderWay): UnderWay =>
  summed([...without(before, step.step), step]);

/** Without a step that is over. */
export const ended = (before: readonly StepUnderWay[], step: string): UnderWay =>
  summed(without(before, step));

const without = (steps: readonly StepUnderWay[], step: string): readonly StepUnderWay[] =>
  steps.filter((known) => known.step !== step);

const summed = (underWay: readonly StepUnderWay[]): UnderWay => {
  const { step = null, waiting = null, dueAt = null } = foremost(underWay) ?? {};
  return { underWay, step, waiting: waiting === 'branches' ? null : waiting, dueAt };
};

const WAITS: readonly string[] = ['timer', 'signal', 'approval', 'child'];

/** A step that is called says more of an execution than one that waits, and of those the one that waits the least. */
const foremost = (underWay: readonly StepUnderWay[]): StepUnderWay | undefined => {
  const waits = underWay.filter(({ waiting }) => waiting !== null && WAITS.includes(waiting));
  return (
    underWay.findLast(({ waiting }) => waiting === null) ??
    underWay.findLast(({ waiting }) => waiting === 'queued') ??
    waits.sort((one, other) => (one.dueAt ?? Infinity) - (other.dueAt ?? Infinity))[0] ??
    underWay.at(-1)
  );
};
