/** A call to be made at a time (ms since the Unix epoch). */
export interface Scheduled {
  readonly at: number;
  readonly fire: () => void;
  /** Of two for the same time the one with the lower number comes first. */
  readonly number: number;
  /** Where it stands in its heap, which keeps it; -1 when it stands in none. */
  index: number;
}

/** Calls by their time: any number of them, each added or taken out in O(log n). */
export interface TimerHeap {
  /** The one that comes first. */
  readonly first: Scheduled | undefined;
  add(timer: Scheduled): void;
  /** Takes it out; harmless when it is not there. */
  remove(timer: Scheduled): void;
}

const isBefore = (a: Scheduled, b: Scheduled): boolean => (a.at === b.at ? a.number < b.number : a.at < b.at);

/** Makes an empty heap. */
export const createTimerHeap = (): TimerHeap => {
  const heap: Scheduled[] = [];

  const put = (timer: Scheduled, index: number): void => {
    heap[index] = timer;
    timer.index = index;
  };

  const rise = (timer: Scheduled, from: number): void => {
    let index = from;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as Scheduled;
      if (!isBefore(timer, parent)) break;
      put(parent, index);
      index = above;
    }
    put(timer, index);
  };

  const sink = (timer: Scheduled, from: number): void => {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      let child = heap[left];
      if (child === undefined) break;
      const right = heap[left + 1];
      if (right !== undefined && isBefore(right, child)) child = right;
      if (!isBefore(child, timer)) break;
      const below = child.index;
      put(child, index);
      index = below;
    }
    put(timer, index);
  };

  return {
    get first() {
      return heap[0];
    },
    add: (timer) => rise(timer, heap.length),
    remove(timer) {
      const { index } = timer;
      if (index < 0) return;
      timer.index = -1;
      const last = heap.pop() as Scheduled;
      if (last === timer) return;
      // It comes from another branch, where it may stand before what is above.
      rise(last, index);
      if (last.index === index) sink(last, index);
    },
  };
};
