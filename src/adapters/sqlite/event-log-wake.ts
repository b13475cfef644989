/** Tells readers, in this thread and in others, that something was committed. */
export interface Wake {
  /** Goes up with every committed group. */
  count(): number;
  /** Calls back once when the count is no longer `seen`, maybe at once. Answers what calls it off. */
  onChange(seen: number, callback: () => void): () => void;
  /** Tells everybody of a group that this thread committed. */
  announce(): void;
  /** Tells this thread's readers of a group that another thread has announced. */
  refresh(): void;
  close(): void;
}

/** Memory for a wake, to be shared with other threads. */
export const sharedWake = (): SharedArrayBuffer => new SharedArrayBuffer(4);

/** Tells other threads that something was committed. */
export const announceTo = (shared: SharedArrayBuffer): void => {
  const counter = new Int32Array(shared);
  Atomics.add(counter, 0, 1);
  Atomics.notify(counter, 0);
};

// A pending wait alone does not keep its thread alive.
const LONG = 0x7fffffff;

/**
 * A wake on shared memory. `listen` is for a thread that is told of commits by this memory alone;
 * the writing thread knows of its own without.
 */
export const openWake = (shared: SharedArrayBuffer, listen: boolean): Wake => {
  const counter = new Int32Array(shared);
  const waiting = new Set<() => void>();
  let armed = false;
  let closed = false;
  const isOpen = (): boolean => !closed;
  const count = (): number => Atomics.load(counter, 0);

  const refresh = (): void => {
    const callbacks = [...waiting];
    waiting.clear();
    for (const callback of callbacks) callback();
  };

  // One wait for the whole thread: a wait cannot be called off, so one a reader would pile up.
  const listenOn = async (seen: number): Promise<void> => {
    armed = true;
    const alive = setInterval(() => undefined, LONG);
    // A notification that changes nothing is another log's farewell.
    while (isOpen() && count() === seen) await Atomics.waitAsync(counter, 0, seen).value;
    clearInterval(alive);
    armed = false;
    refresh();
  };

  return {
    count,
    onChange(seen, callback) {
      if (closed || count() !== seen) {
        callback();
        return () => undefined;
      }
      waiting.add(callback);
      if (listen && !armed) void listenOn(seen);
      return () => waiting.delete(callback);
    },
    announce() {
      announceTo(shared);
      refresh();
    },
    refresh,
    close() {
      closed = true;
      if (armed) Atomics.notify(counter, 0);
      refresh();
    },
  };
};
