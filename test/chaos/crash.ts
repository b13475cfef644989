import { POINTS, type PointName } from './points.ts';

/** Where a process kills itself. */
export interface Crash {
  /** Says that a point is reached; it does not return when this is where the process is to die. */
  reach(name: PointName): void;
  /** The same, but what waits for it stands still while others go on; the process dies after that, or when it is told to stop. */
  hold(name: PointName): Promise<void>;
}

/** Appends that others make before a process dies in which one part stands still. */
const MORE_APPENDS = 20;

const NAMES: readonly string[] = POINTS.map(({ name }) => name);

// No handler, no flush, nothing after it: the kernel ends the process within this call.
const die = (): void => void process.kill(process.pid, 'SIGKILL');

/** Reads `<name>:<n>`: the process kills itself the n-th time that the point is reached. Without it, or at `none`, nothing happens. `stopping` is aborted when it is told to stop. */
export const crashAt = (setting: string | undefined, stopping: AbortSignal): Crash => {
  const [wanted = 'none', count = '1'] = setting?.split(':') ?? [];
  if (wanted !== 'none' && !NAMES.includes(wanted))
    throw new RangeError(`Expected the name of a crash point, but found "${wanted}".`);
  let left = Number(count);
  let appends = Infinity;
  const isReached = (name: PointName): boolean => {
    if (name !== wanted) return false;
    left -= 1;
    return left === 0;
  };
  return {
    reach: (name) => {
      if (isReached(name)) die();
      if (name === 'after-append' && --appends === 0) die();
    },
    hold: async (name) => {
      if (!isReached(name)) return;
      appends = MORE_APPENDS;
      stopping.addEventListener('abort', die);
      await new Promise<never>(() => undefined);
    },
  };
};
