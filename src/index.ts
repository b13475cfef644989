export { defineActivity, type ActivityDefinition } from './activities/define-activity.ts';
export { NonRetryable, type NonRetryableOptions } from './activities/non-retryable.ts';
export type { Activity, ActivityContext, ActivityLogger } from './ports/activities.ts';
export { createWorker, type RemoteWorker, type WorkerOptions } from './worker/create-worker.ts';
export type { Json, JsonObject } from './domain/json.ts';
export {
  followEvents,
  FollowRefused,
  type FollowedEvent,
  type FollowFilter,
  type FollowOptions,
} from './client/follow-events.ts';
