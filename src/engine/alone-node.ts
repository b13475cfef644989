import type { Nodes } from '../ports/nodes.ts';

/** A node that has its log for itself, and so everything there is. */
export const aloneNode = ({
  node,
  partitions,
}: {
  readonly node: string;
  readonly partitions: number;
}): Nodes => ({
  list: () => [
    {
      name: node,
      self: true,
      partitions: Array.from({ length: partitions }, (_, partition) => partition),
      folds: true,
      leaseUntil: undefined,
    },
  ],
});
