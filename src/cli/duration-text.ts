const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** So many ms as a definition writes a duration: in the largest unit of which it is a whole number, such as `30d` or `90s`. */
export const durationText = (ms: number): string => {
  const [unit, of] = UNITS.find(([, one]) => ms >= one && ms % one === 0) ?? UNITS[4];
  return `${ms / of}${unit}`;
};
