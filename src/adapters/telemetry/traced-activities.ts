import { context, propagation } from '@opentelemetry/api';
import type { Activities, Activity } from '../../ports/activities.ts';

/** The same activities, each called in the trace context of its attempt: spans that it makes are of that span. */
export const tracedActivities = (activities: Activities): Activities => {
  const traced = new WeakMap<Activity, Activity>();
  const wrap = (activity: Activity): Activity => ({
    ...activity,
    run: (ctx, input) => {
      const { traceparent } = ctx;
      const parent =
        traceparent === undefined ? context.active() : propagation.extract(context.active(), { traceparent });
      return context.with(parent, () => activity.run(ctx, input));
    },
  });
  return {
    names: () => activities.names(),
    find: (name) => {
      const activity = activities.find(name);
      if (activity === undefined) return undefined;
      const known = traced.get(activity) ?? wrap(activity);
      traced.set(activity, known);
      return known;
    },
  };
};
