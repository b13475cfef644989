/** A bounded number of places. */
export interface Window {
  /** Resolves when there is a place. */
  enter(): Promise<void>;
  leave(): void;
}

/** Makes a window of so many places; who waits longest is next. */
export const createWindow = (places: number): Window => {
  let free = places;
  const waiting: (() => void)[] = [];
  return {
    enter: () => {
      if (free === 0) return new Promise((resolve) => waiting.push(resolve));
      free--;
      return Promise.resolve();
    },
    leave: () => {
      const next = waiting.shift();
      if (next) next();
      else free++;
    },
  };
};
