/** Asks for what a key names, by what is given; the same key asks for the same. */
export type AskTogether = <T>(key: string, ask: () => Promise<T>) => Promise<T>;

/**
 * Lets those who want to know the same at once be answered together, whether it succeeds or fails: each by what was begun
 * after they wanted it, so nobody misses what they were woken for. For each key one is under way at a time.
 */
export const createTogether = (): AskTogether => {
  const running = new Map<string, Promise<unknown>>();
  const waiting = new Map<string, Promise<unknown>>();

  const begin = async <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    await running.get(key)?.catch(() => undefined);
    waiting.delete(key);
    const answer = ask();
    running.set(key, answer);
    try {
      return await answer;
    } finally {
      if (running.get(key) === answer) running.delete(key);
    }
  };

  return <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const there = waiting.get(key) as Promise<T> | undefined;
    if (there !== undefined) return there;
    // Those who are woken with the first one come a moment later.
    const answer = Promise.resolve().then(() => begin(key, ask));
    waiting.set(key, answer);
    return answer;
  };
};

/** A key made of everything that an answer depends on. */
export const keyOf = (...parts: readonly unknown[]): string =>
  JSON.stringify(parts, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
