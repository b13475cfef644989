/** A list that grows long: with one more item, or another one, it shares all but a small part with what it was. */
export type Chunks<T> = readonly (readonly T[])[];

const SIZE = 64;

/** With an item behind the last. */
export const appended = <T>(chunks: Chunks<T>, item: T): Chunks<T> => {
  const last = chunks.at(-1);
  return last === undefined || last.length === SIZE
    ? [...chunks, [item]]
    : [...chunks.slice(0, -1), [...last, item]];
};

/** With an item in a place; places before it that have none are filled. */
export const withItem = <T>(chunks: Chunks<T>, index: number, item: T, filler: T): Chunks<T> => {
  const [at, place] = [Math.floor(index / SIZE), index % SIZE];
  const whole = Array.from({ length: at - chunks.length }, () => []);
  const grown = [...chunks, ...whole].map((chunk, n) =>
    n < at && chunk.length < SIZE ? filled(chunk, SIZE, filler) : chunk,
  );
  const chunk = filled(grown[at] ?? [], place, filler);
  const next = place < chunk.length ? chunk.with(place, item) : [...chunk, item];
  return at < grown.length ? grown.with(at, next) : [...grown, next];
};

const filled = <T>(chunk: readonly T[], length: number, filler: T): readonly T[] =>
  chunk.length >= length ? chunk : [...chunk, ...Array.from({ length: length - chunk.length }, () => filler)];
