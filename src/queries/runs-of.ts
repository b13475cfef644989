/** Revisions that are no further apart are read together. */
const NEAR = 100;

/** Runs of revisions of a stream that are read in one go. */
export const runsOf = (revisions: Iterable<number>): readonly { from: number; to: number }[] => {
  const runs: { from: number; to: number }[] = [];
  for (const revision of [...revisions].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && revision - run.to <= NEAR) run.to = revision;
    else runs.push({ from: revision, to: revision });
  }
  return runs;
};
