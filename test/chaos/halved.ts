/** Two halves of some cases, for two files: one file behind the other takes twice as long as both at once. */
export const halved = <T>(cases: readonly T[]): readonly [readonly T[], readonly T[]] => {
  const half = Math.ceil(cases.length / 2);
  return [cases.slice(0, half), cases.slice(half)];
};
