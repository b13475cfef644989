import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** Bytes of memory that a process had, one after the other. */
export interface MemoryWatch {
  readonly samples: readonly number[];
  /** Ends the watch. */
  stop(): Promise<void>;
}

const EVERY = 100;

const residentBytes = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
};

/** Watches the memory of a process until it is told to stop. */
export const watchMemory = (pid: number): MemoryWatch => {
  const samples: number[] = [];
  const over = new AbortController();
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) {
      samples.push(await residentBytes(pid));
      await pause(EVERY, undefined, { signal: over.signal }).catch(() => undefined);
    }
  };
  const watching = watch();
  return {
    samples,
    stop: () => {
      over.abort();
      return watching;
    },
  };
};
