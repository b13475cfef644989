import { partitionOf } from '../../../src/domain/partition/partition-of.ts';

/** The id of an execution that is of a partition. */
export const idIn = (partition: number, count = 4): string => {
  for (let n = 0; ; n += 1) if (partitionOf(`e${n}`, count) === partition) return `e${n}`;
};
