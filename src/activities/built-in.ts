import { httpActivity } from './http/http.activity.ts';
import type { Environment } from './http/secrets.ts';
import { logActivity } from './log.activity.ts';
import type { FoundActivity } from './registry.ts';
import { transformActivity } from './transform.activity.ts';

/** The activities that every node serves; `env` is where secrets come from. */
export const builtInActivities = (env: Environment): readonly FoundActivity[] =>
  [httpActivity(env), logActivity, transformActivity].map((activity) => ({ activity, from: 'built in' }));
