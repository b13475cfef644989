/** The most that a quantile of a sketch is away from the exact one, as a share of it. */
export const RELATIVE_ERROR = 0.01;

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);

/**
 * How values are distributed (DDSketch): plain JSON that can be merged. Values that are not above zero
 * count as zero. Counts, sum, min and max are exact.
 */
export type Sketch = {
  readonly count: number;
  readonly sum: number;
  /** 0 when there is no value. */
  readonly min: number;
  readonly max: number;
  /** How many values were zero. */
  readonly zero: number;
  /** Index and count of each bin that is not empty, one after the other, by index: bin i is (γ^(i−1), γ^i]. */
  readonly bins: readonly number[];
};

/** A sketch of no value. */
export const EMPTY_SKETCH: Sketch = Object.freeze({
  count: 0,
  sum: 0,
  min: 0,
  max: 0,
  zero: 0,
  bins: Object.freeze([]),
});

const binOf = (value: number): number => Math.ceil(Math.log(value) / LOG_GAMMA);

const valueOf = (bin: number): number => (2 * GAMMA ** bin) / (GAMMA + 1);

/** Place of the first bin at or above `bin`. */
const placeOf = (bins: readonly number[], bin: number): number => {
  let low = 0;
  let high = bins.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bins[2 * middle] as number) < bin) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
};

const counted = (bins: readonly number[], bin: number): readonly number[] => {
  const place = placeOf(bins, bin);
  if (bins[place] !== bin) return bins.toSpliced(place, 0, bin, 1);
  const next = bins.slice();
  next[place + 1] = (next[place + 1] as number) + 1;
  return next;
};

/** The sketch with one value more. Throws a `RangeError` for a value that is no finite number. */
export const addValue = (sketch: Sketch, found: number): Sketch => {
  if (!Number.isFinite(found)) throw new RangeError(`Expected a finite number, but found ${found}.`);
  const value = Math.max(0, found);
  return {
    count: sketch.count + 1,
    sum: sketch.sum + value,
    min: sketch.count === 0 ? value : Math.min(sketch.min, value),
    max: Math.max(sketch.max, value),
    zero: sketch.zero + (value === 0 ? 1 : 0),
    bins: value === 0 ? sketch.bins : counted(sketch.bins, binOf(value)),
  };
};

// Bins lie close together: to count them by their places takes a tenth of looking each of them up.
const mergeBins = (sketches: readonly Sketch[]): readonly number[] => {
  const filled = sketches.map(({ bins }) => bins).filter(({ length }) => length > 0);
  const low = filled.reduce((least, [bin]) => Math.min(least, bin as number), Number.POSITIVE_INFINITY);
  const high = filled.reduce((most, bins) => Math.max(most, bins.at(-2) as number), low);
  const counts = new Float64Array(filled.length === 0 ? 0 : high - low + 1);
  for (const bins of filled) {
    for (let place = 0; place < bins.length; place += 2) {
      const at = (bins[place] as number) - low;
      counts[at] = (counts[at] as number) + (bins[place + 1] as number);
    }
  }
  const merged: number[] = [];
  for (const [at, count] of counts.entries()) if (count > 0) merged.push(low + at, count);
  return merged;
};

/** The sketch of all values of these sketches. */
export const mergeSketches = (all: readonly Sketch[]): Sketch => {
  const sketches = all.filter(({ count }) => count > 0);
  const [first] = sketches;
  if (first === undefined) return EMPTY_SKETCH;
  if (sketches.length === 1) return first;
  return {
    count: sketches.reduce((sum, { count }) => sum + count, 0),
    sum: sketches.reduce((total, { sum }) => total + sum, 0),
    min: sketches.reduce((least, { min }) => Math.min(least, min), first.min),
    max: sketches.reduce((most, { max }) => Math.max(most, max), 0),
    zero: sketches.reduce((sum, { zero }) => sum + zero, 0),
    bins: mergeBins(sketches),
  };
};

/** What a product of two such numbers may be above the exact one by, as a share of it: 0.07 × 100 is above 7. */
const ROUNDING = 2 * Number.EPSILON;

/**
 * The least value that a share `q` (0 to 1) of the values is at or below: the ⌈q × count⌉th, at most `RELATIVE_ERROR`
 * away; `undefined` when there is no value.
 */
export const quantile = ({ count, zero, bins, min, max }: Sketch, q: number): number | undefined => {
  if (count === 0) return undefined;
  const nth = Math.max(1, Math.ceil(Math.min(1, Math.max(0, q)) * count * (1 - ROUNDING)));
  if (nth >= count) return max;
  let below = zero;
  if (nth <= below) return 0;
  for (let place = 0; place < bins.length; place += 2) {
    below += bins[place + 1] as number;
    if (nth <= below) return Math.min(max, Math.max(min, valueOf(bins[place] as number)));
  }
  return max;
};

/** The mean of the values, exact; `undefined` when there is none. */
export const mean = ({ count, sum }: Sketch): number | undefined => (count === 0 ? undefined : sum / count);
