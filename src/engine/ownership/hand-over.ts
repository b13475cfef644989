import type { PartitionWork } from './types.ts';

/** Partitions that are to be other nodes', once what runs in them has ended. */
export interface HandOver {
  /** How many are under way. */
  readonly size: number;
  has(partition: number): boolean;
  /**
   * Lets what runs in a partition end; `settled` is called when it is drained, or kept because that was not in time.
   * One that is to go whatever becomes of its calls is drained in any case.
   */
  begin(partition: number, work: PartitionWork, inAnyCase: boolean): void;
  /** Whether it can be released. */
  isDrained(partition: number): boolean;
  /** It is not this node's any more. */
  end(partition: number): void;
}

/** What a hand-over tells of. */
export interface HandOverOptions {
  /** A partition was drained, or kept. */
  readonly settled: (kept: boolean) => void;
  /** A partition could not be drained, which counts as not in time. */
  readonly failed: (partition: number, error: unknown) => void;
}

/** Nothing is handed over yet. */
export const createHandOver = ({ settled, failed }: HandOverOptions): HandOver => {
  const under = new Map<number, 'draining' | 'drained'>();
  return {
    get size() {
      return under.size;
    },
    has: (partition) => under.has(partition),
    begin: (partition, work, inAnyCase) => {
      under.set(partition, 'draining');
      const end = (inTime: boolean): void => {
        if (!under.has(partition)) return;
        const kept = !inTime && !inAnyCase;
        if (kept) {
          under.delete(partition);
          work.kept(partition);
        } else under.set(partition, 'drained');
        settled(kept);
      };
      work.drained(partition).then(end, (error: unknown) => {
        failed(partition, error);
        end(false);
      });
    },
    isDrained: (partition) => under.get(partition) === 'drained',
    end: (partition) => void under.delete(partition),
  };
};
