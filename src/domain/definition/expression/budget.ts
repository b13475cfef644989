const LIMIT = 100_000;

let spent = 0;

/** An evaluation took more work than one may. */
export class OverBudget extends Error {}

/** Begins an evaluation; evaluations are synchronous and never nested. */
export const openBudget = (): void => {
  spent = 0;
};

/** Counts work, an item of a list or some 250 characters being one unit. Throws `OverBudget` when it is too much. */
export const charge = (units: number): void => {
  spent += units;
  if (spent > LIMIT) throw new OverBudget(`Expected at most ${LIMIT} units of work, but it takes more.`);
};

/** Whether the evaluation took more than it may, even where `||` has hidden it. */
export const isOverBudget = (): boolean => spent > LIMIT;
