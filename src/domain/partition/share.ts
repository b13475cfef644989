/** What a node is to do for its fair share of the partitions. */
export interface Share {
  /** How many more it may claim. */
  readonly claim: number;
  /** Whether it is to let go of one. */
  readonly release: boolean;
}

/**
 * The fair share of a node that holds `mine` of `count` partitions, beside other nodes that hold so many each.
 * Every node ends with a whole share, some with one more; nothing moves that need not.
 */
export const shareOf = (count: number, mine: number, others: readonly number[]): Share => {
  const nodes = others.length + 1;
  const least = Math.floor(count / nodes);
  const most = Math.ceil(count / nodes);
  const lacking = others.some((theirs) => theirs < least);
  const wanted = lacking ? least : most;
  return { claim: Math.max(0, wanted - mine), release: mine > most || (mine > least && lacking) };
};
