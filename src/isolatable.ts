import type { FoundActivity } from './activities/registry.ts';
import { runIsolated } from './adapters/process/isolated.ts';

/** Activities of files, with a way to run them in processes of their own. */
export const isolatable = (found: readonly FoundActivity[]): readonly FoundActivity[] =>
  found.map(({ activity, from }) => ({
    from,
    activity: {
      ...activity,
      isolated: (memory) => (context, input) =>
        runIsolated({ module: from, activity: activity.name, memory }, context, input),
    },
  }));
