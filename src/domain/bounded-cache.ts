/** What was made of texts, by the text. */
export interface TextCache<T> {
  get(text: string): T | undefined;
  set(text: string, made: T): void;
}

/**
 * Keeps what was made of the texts that came last, of so many characters together: what is made of a text grows with it,
 * unless `lengthOf` says how long something else is.
 */
export const createBoundedCache = <T>(
  characters: number,
  lengthOf: (text: string, made: T) => number = (text) => text.length,
): TextCache<T> => {
  const kept = new Map<string, T>();
  let length = 0;

  const drop = (text: string): void => {
    const made = kept.get(text);
    if (made === undefined) return;
    length -= lengthOf(text, made);
    kept.delete(text);
  };

  return {
    get: (text) => {
      const made = kept.get(text);
      if (made === undefined) return undefined;
      // A map remembers the order in which texts came: this one is the latest now.
      kept.delete(text);
      kept.set(text, made);
      return made;
    },
    set: (text, made) => {
      drop(text);
      if (lengthOf(text, made) > characters) return;
      kept.set(text, made);
      length += lengthOf(text, made);
      for (const oldest of kept.keys()) {
        if (length <= characters) break;
        drop(oldest);
      }
    },
  };
};
