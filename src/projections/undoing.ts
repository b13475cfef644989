/** How far a run is undone. */
export type Undoing = {
  /** An operator has to start it. */
  readonly awaited: boolean;
  /** How many steps, and activities after them, are to be undone or called, those that are included. */
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  /** The first hundred that were undone, in their order. */
  readonly doneSteps: readonly string[];
  /** The first hundred that could not be undone. */
  readonly failedSteps: readonly string[];
};

const MOST = 100;

const appended = (steps: readonly string[], step: string): readonly string[] =>
  steps.length < MOST ? [...steps, step] : steps;

/** As it is when so many steps are to be undone, but not before somebody says so. */
export const awaitedUndoing = (total: number): Undoing => ({
  awaited: true,
  total,
  done: 0,
  failed: 0,
  doneSteps: [],
  failedSteps: [],
});

/** As it begins; what it has left before is undone once more. */
export const begunUndoing = (before: Undoing | null, total: number): Undoing => {
  const { done = 0, doneSteps = [] } = before ?? {};
  return { awaited: false, total: done + total, done, failed: 0, doneSteps, failedSteps: [] };
};

/** With one more step that was undone. */
export const withDone = (undoing: Undoing | null, step: string): Undoing | null =>
  undoing && { ...undoing, done: undoing.done + 1, doneSteps: appended(undoing.doneSteps, step) };

/** With one more step that could not be undone. */
export const withFailed = (undoing: Undoing | null, step: string): Undoing | null =>
  undoing && { ...undoing, failed: undoing.failed + 1, failedSteps: appended(undoing.failedSteps, step) };
