/**
 * Does work for one key at a time. Whoever asks while it is under way has it done once more after that, together with all
 * others who ask meanwhile; the answer is to the work that began after the call.
 */
export const coalesced = (work: (key: string) => Promise<unknown>): ((key: string) => Promise<unknown>) => {
  const running = new Map<string, Promise<unknown>>();
  const next = new Map<string, Promise<unknown>>();

  const begin = (key: string): Promise<unknown> => {
    const done = work(key).finally(() => running.delete(key));
    running.set(key, done);
    return done;
  };

  return (key) => {
    const waiting = next.get(key);
    if (waiting !== undefined) return waiting;
    const now = running.get(key);
    if (now === undefined) return begin(key);
    const after = now
      .catch(() => undefined)
      .then(() => {
        next.delete(key);
        return begin(key);
      });
    next.set(key, after);
    return after;
  };
};
