/** Wakes everybody who waits for something to have changed. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring. Look before you wait: a ring in between cannot happen within one turn. */
  next(): Promise<void>;
  /** Resolves as soon as the condition holds; it is looked at after each ring. */
  until(holds: () => boolean): Promise<void>;
}

/** A bell that nobody waits for yet. */
export const createBell = (): Bell => {
  let waiting: PromiseWithResolvers<void> | undefined;
  const next = (): Promise<void> => (waiting ??= Promise.withResolvers<void>()).promise;
  return {
    ring() {
      waiting?.resolve();
      waiting = undefined;
    },
    next,
    async until(holds) {
      while (!holds()) await next();
    },
  };
};
