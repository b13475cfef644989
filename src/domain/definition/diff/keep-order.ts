/**
 * As many of these numbers as can stay where they are while the others are moved so that all ascend. No number
 * may be there twice.
 */
export const keepOrder = (numbers: readonly number[]): ReadonlySet<number> => {
  // The least number that a run of each length ends in, and what stands before each number in its run.
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  for (const number of numbers) {
    const length = firstAtLeast(ends, number);
    before.set(number, ends[length - 1]);
    ends[length] = number;
  }
  const kept = new Set<number>();
  for (let last = ends.at(-1); last !== undefined; last = before.get(last)) kept.add(last);
  return kept;
};

const firstAtLeast = (ascending: readonly number[], number: number): number => {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? Infinity) < number) low = middle + 1;
    else high = middle;
  }
  return low;
};
