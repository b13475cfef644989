import type { JsonObject } from '../../src/domain/json.ts';
import type { Random } from './random.ts';

/** How many activities of a workflow are called at once, where a definition limits that: of a key, and of all. */
export const MOST_ACTIVITIES = { limit: 2, total: 3 } as const;

/** How many executions of a workflow go on at once, where a definition limits that. */
export const MOST_WORKFLOWS = { limit: 1, total: 2 } as const;

/** How much of a workflow goes on at once; the same for all its versions, so that it can be counted. */
export const makeConcurrency = (random: Random): JsonObject => {
  if (random.chance(0.65)) return {};
  const isKeyed = random.chance(0.4);
  const isTotal = isKeyed && random.chance(0.6);
  const isRanked = random.chance(0.5);
  const isFew = random.chance(0.7);
  const fewInAll = isFew ? { max_workflows: MOST_WORKFLOWS.total } : {};
  return {
    ...(isRanked ? { priority: '${workflow.level}' } : {}),
    concurrency: {
      max_activities: MOST_ACTIVITIES.limit,
      ...(isFew ? { max_workflows: MOST_WORKFLOWS.limit } : {}),
      ...(isKeyed ? { key: 'level ${workflow.level}' } : {}),
      ...(isTotal ? { total: { max_activities: MOST_ACTIVITIES.total, ...fewInAll } } : {}),
      queuing: {
        strategy: isRanked ? 'priority' : 'fifo',
        ...(random.chance(0.3) ? { timeout: random.pick(['2s', '30s']) } : {}),
      },
    },
  };
};
