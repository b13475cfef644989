/** A step that is under way, and what it waits for unless its activity is being called. */
export type StepUnderWay = {
  readonly step: string;
  readonly waiting: 'timer' | 'signal' | 'approval' | 'child' | 'queued' | 'branches' | null;
  readonly dueAt: number | null;
  /** When its time is over. */
  readonly deadline: number | null;
};

/** What of an execution is under way, and which of that says most of it. */
export interface UnderWay {
  readonly underWay: readonly StepUnderWay[];
  readonly step: string | null;
  readonly waiting: 'timer' | 'signal' | 'approval' | 'child' | 'queued' | null;
  /** The earliest time at which something comes of itself. */
  readonly dueAt: number | null;
}

/** What is told of a step that is under way; a deadline that is not told of is as it was. */
export type Told = Omit<StepUnderWay, 'deadline'> & { readonly deadline?: number | undefined };

/** With a step that has begun, or that waits for something else than before; `deadline` is that of the run. */
export const begun = (
  before: readonly StepUnderWay[],
  { deadline: told, ...step }: Told,
  deadline: number | null,
): UnderWay => {
  const known = before.find((one) => one.step === step.step)?.deadline;
  return summed([...without(before, step.step), { ...step, deadline: told ?? known ?? null }], deadline);
};

/** Without a step that is over. */
export const ended = (before: readonly StepUnderWay[], step: string, deadline: number | null): UnderWay =>
  summed(without(before, step), deadline);

const without = (steps: readonly StepUnderWay[], step: string): readonly StepUnderWay[] =>
  steps.filter((known) => known.step !== step);

const summed = (underWay: readonly StepUnderWay[], deadline: number | null): UnderWay => {
  const { step = null, waiting = null } = foremost(underWay) ?? {};
  let dueAt = deadline ?? Infinity;
  for (const one of underWay) dueAt = Math.min(dueAt, one.dueAt ?? Infinity, one.deadline ?? Infinity);
  return {
    underWay,
    step,
    waiting: waiting === 'branches' ? null : waiting,
    dueAt: dueAt === Infinity ? null : dueAt,
  };
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
