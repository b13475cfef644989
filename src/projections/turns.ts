/** Lets one piece of work run at a time, in the order in which they came. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** Turns that nobody has taken yet. */
export const createTurns = (): Turns => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    // Whoever took the turn hears of its error; the next one's turn comes all the same.
    last = turn.catch(() => undefined);
    return turn;
  };
};
