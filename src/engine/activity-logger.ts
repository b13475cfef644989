import type { ActivityLogger } from '../ports/activities.ts';
import type { Logger } from '../ports/logger.ts';

/** The logger that an activity is given: its lines name the execution and the step. */
export const activityLogger = (logger: Logger, executionId: string, step: string): ActivityLogger => {
  const line =
    (level: keyof Logger): ActivityLogger[typeof level] =>
    (message, fields = {}) =>
      logger[level]({ component: 'activity', executionId, step, ...fields }, message);
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
};
