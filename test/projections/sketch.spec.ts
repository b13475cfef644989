import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addValue,
  EMPTY_SKETCH,
  mean,
  mergeSketches,
  quantile,
  RELATIVE_ERROR,
  type Sketch,
} from '../../src/projections/sketch.ts';

const sketchOf = (values: readonly number[]): Sketch => values.reduce(addValue, EMPTY_SKETCH);

/** Over sixteen orders of magnitude, with zeros: the sum is dominated by few values, as durations are. */
const heavyTailed = fc.oneof(
  { arbitrary: fc.double({ min: -3, max: 13, noNaN: true }).map((exponent) => 10 ** exponent), weight: 8 },
  { arbitrary: fc.nat(5_000), weight: 3 },
  { arbitrary: fc.constant(0), weight: 1 },
);
const whole = fc.oneof(fc.nat(10_000), fc.nat(1_000_000_000), fc.constant(0));

describe('a sketch', () => {
  it('is within its relative error of every exact quantile', () => {
    fc.assert(
      fc.property(
        fc.array(heavyTailed, { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const sorted = values.toSorted((a, b) => a - b);
          const sketch = sketchOf(values);
          for (const share of [q, 0, 0.5, 0.95, 0.99, 1]) {
            const exact = sorted.find((_, n) => n + 1 >= share * sorted.length - 1e-9) as number;
            const found = quantile(sketch, share) as number;
            expect(Math.abs(found - exact)).toBeLessThanOrEqual(RELATIVE_ERROR * exact * (1 + 1e-9));
          }
        },
      ),
    );
  });

  it('has a quantile that as many values as it says are at or below, also of few', () => {
    fc.assert(
      fc.property(
        fc.array(whole, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 100 }),
        (values, n) => {
          const found = (quantile(sketchOf(values), n / 100) as number) * (1 + 2 * RELATIVE_ERROR);
          expect(100 * values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(
            n * values.length,
          );
        },
      ),
    );
    const two = sketchOf([304, 2_035]);
    expect([0.51, 0.99, 1].map((q) => quantile(two, q))).toEqual([2_035, 2_035, 2_035]);
    expect(quantile(two, 0.5)).toBeLessThan(310);
    const hundred = sketchOf(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(quantile(hundred, 0.07)).toBeCloseTo(7, 0);
  });

  it('holds counts, sum, extremes and mean exactly', () => {
    fc.assert(
      fc.property(fc.array(whole, { minLength: 1 }), (values) => {
        const sketch = sketchOf(values);
        const sum = values.reduce((a, b) => a + b, 0);
        expect(sketch).toMatchObject({ count: values.length, sum });
        expect(sketch).toMatchObject({ min: Math.min(...values), max: Math.max(...values) });
        expect(mean(sketch)).toBe(sum / values.length);
      }),
    );
  });

  it('merged is the sketch of all values, in whatever parts and order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(whole)), (parts) => {
        const merged = mergeSketches(parts.map(sketchOf));
        expect(merged).toEqual(sketchOf(parts.flat()));
        expect(
          mergeSketches([mergeSketches(parts.slice(1).map(sketchOf)), sketchOf(parts[0] ?? [])]),
        ).toEqual(merged);
      }),
    );
  });

  it('merged has every value, however far apart they are, and as they are merged one after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.array(heavyTailed, { maxLength: 40 }), { maxLength: 10 }), (parts) => {
        // As JSON has them: what a double adds up to depends on the order, and to JSON -0 is 0.
        const told = (sketch: Sketch) => JSON.stringify({ ...sketch, sum: 0 });
        const all = told(sketchOf(parts.flat()));
        expect(told(mergeSketches(parts.map(sketchOf)))).toEqual(all);
        const on = parts.reduce((known, part) => mergeSketches([known, sketchOf(part)]), EMPTY_SKETCH);
        expect(told(on)).toEqual(all);
      }),
    );
  });

  it('is plain JSON that stays small: a bin for each two per cent', () => {
    const values = Array.from({ length: 100_000 }, (_, n) => n);
    const text = JSON.stringify(sketchOf(values));
    expect(JSON.parse(text)).toEqual(sketchOf(values));
    expect(text.length).toBeLessThan(6_000);
  });

  it('counts what is zero or, by a clock that was set back, below it', () => {
    const sketch = sketchOf([0, -5, 10]);
    expect(sketch).toMatchObject({ count: 3, zero: 2, min: 0, max: 10, sum: 10 });
    expect([quantile(sketch, 0), quantile(sketch, 0.5), quantile(sketch, 1)]).toEqual([0, 0, 10]);
  });

  it('has no quantile and no mean while it is empty', () => {
    expect(quantile(EMPTY_SKETCH, 0.5)).toBeUndefined();
    expect(mean(EMPTY_SKETCH)).toBeUndefined();
    expect(mergeSketches([])).toEqual(EMPTY_SKETCH);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (value) => {
    expect(() => addValue(EMPTY_SKETCH, value)).toThrow(/Expected a finite number, but found/);
  });
});
