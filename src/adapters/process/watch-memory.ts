import type { ChildProcess } from 'node:child_process';
import pidusage from 'pidusage';

/** Milliseconds between two looks. */
const PAUSE = 25;

/** Looks at the memory of a process until it is stopped; calls `exceeded` once when it is over the limit. Both in bytes. */
export const watchMemory = (
  { pid }: ChildProcess,
  limit: number,
  exceeded: (used: number) => void,
): (() => void) => {
  let stopped = pid === undefined;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    stopped = true;
    clearTimeout(timer);
  };
  const look = async (): Promise<void> => {
    // A process that is gone has no memory; its end is told by its own event.
    const used =
      pid === undefined
        ? 0
        : await pidusage(pid).then(
            ({ memory }) => memory,
            () => 0,
          );
    if (stopped) return;
    if (used > limit) {
      stop();
      exceeded(used);
    } else timer = setTimeout(() => void look(), PAUSE);
  };
  void look();
  return stop;
};
