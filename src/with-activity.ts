import type { Activities, Activity } from './ports/activities.ts';

/** Activities with one of the server's own, unless there is one of its name already. */
export const withActivity = (activities: Activities, added: Activity): Activities => ({
  find: (name) => activities.find(name) ?? (name === added.name ? added : undefined),
  names: () => [...new Set([...activities.names(), added.name])].sort(),
});
