import { categoryOf } from './stream.ts';

/** One of several parts that all executions fall into, each as a whole. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
}

/** Whether a stream falls into a shard: by its last character, which is as good as random in ids, and which stores can tell, too. */
export const isInShard = (stream: string, { index, of }: Shard): boolean => {
  // The second half of a character of two is not what it is.
  const last = stream.codePointAt(stream.length - 2) ?? 0;
  const code = last > 0xffff ? last : (stream.codePointAt(stream.length - 1) ?? 0);
  return code % of === index;
};

/** Whether events of a stream may tell of executions of a shard: those of other executions do not, any other stream's may. */
export const mayTellOf = (shard: Shard, stream: string): boolean =>
  categoryOf(stream) !== 'execution' || isInShard(stream, shard);
