import type { LiveExecution } from './executions.ts';

/** How many idle executions are kept, and how many characters of payloads they were folded from. */
export interface KeptLimits {
  readonly idle: number;
  readonly text: number;
}

/** The executions in memory that were used last. */
export interface KeptExecutions {
  readonly size: number;
  get(id: string): LiveExecution | undefined;
  /** Puts in an execution, or what it is now, and lets go of those that were not used for longest. */
  keep(execution: LiveExecution): void;
  drop(id: string): void;
  dropAll(ids: (id: string) => boolean): void;
}

/** Keeps executions within limits, except for those that are busy: they are let go with one that comes later. */
export const createKept = ({ idle, text }: KeptLimits, isBusy: (id: string) => boolean): KeptExecutions => {
  const kept = new Map<string, LiveExecution>();
  let held = 0;

  const drop = (id: string): void => {
    held -= kept.get(id)?.text ?? 0;
    kept.delete(id);
  };

  return {
    get size() {
      return kept.size;
    },
    get: (id) => kept.get(id),
    drop,
    dropAll: (ids) => {
      for (const id of kept.keys()) if (ids(id)) drop(id);
    },
    keep: (execution) => {
      drop(execution.id);
      kept.set(execution.id, execution);
      held += execution.text;
      for (const id of kept.keys()) {
        // While many are worked on at once there may be more than so many; those that come next let them go.
        if (kept.size <= idle && held <= text) return;
        if (!isBusy(id)) drop(id);
      }
    },
  };
};
