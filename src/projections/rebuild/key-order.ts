// Units of surrogate pairs stand for more than any other, though they are less as numbers.
const rank = (unit: number): number =>
  unit >= 0xe0_00 ? unit - 0x8_00 : unit >= 0xd8_00 ? unit + 0x20_00 : unit;

/** Compares keys as stores order them, by their UTF-8 bytes: below 0 when `a` comes first. */
export const compareKeys = (a: string, b: string): number => {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};
