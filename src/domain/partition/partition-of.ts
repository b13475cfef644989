/** The partition of an execution, from 0; the same for ever as long as `count` is. */
export const partitionOf = (executionId: string, count: number): number => {
  // FNV-1a: spreads ids that differ in a few digits, and costs less than a look-up.
  let hash = 0x811c9dc5;
  for (let at = 0; at < executionId.length; at += 1) {
    hash = Math.imul(hash ^ executionId.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0) % count;
};
