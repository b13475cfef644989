import type { Times } from '../definition/schedule.ts';

const HOUR = 3_600_000;

/**
 * The latest times behind `after` and up to `until`, `most` of them at most, in their order. Costs in proportion to these,
 * however long the span is.
 */
export const latestDue = (next: Times, after: number, until: number, most: number): readonly number[] => {
  for (let span = HOUR; ; span *= 2) {
    const from = Math.max(after, until - span);
    const found: number[] = [];
    for (let due = next(from); due !== undefined && due <= until; due = next(due)) {
      found.push(due);
      if (found.length > most) found.shift();
    }
    if (found.length >= most || from <= after) return found;
  }
};
