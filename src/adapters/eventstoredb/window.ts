/** A bounded number of places. */
export interface Window {
  /** Resolves when there is a place; who waits longest is next. */
  enter(): Promise<void>;
  leave(): void;
}

/** Makes a window of so many places. There is only one until it was left once. */
export const createWindow = (places: number): Window => {
  let free = 1;
  let opened = false;
  const waiting: (() => void)[] = [];
  return {
    enter: () => {
      if (free === 0) return new Promise((resolve) => waiting.push(resolve));
      free--;
      return Promise.resolve();
    },
    leave: () => {
      free += opened ? 1 : places;
      opened = true;
      for (const next of waiting.splice(0, free)) {
        free--;
        next();
      }
    },
  };
};
