import type { JsonObject } from '../../src/domain/json.ts';
import type { ActivityContext } from '../../src/ports/activities.ts';

/** A line that an activity wrote to the log. */
export interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: JsonObject | undefined;
}

/** The context of an attempt, with the lines that it logs. */
export const attemptContext = (overrides: Partial<ActivityContext> = {}) => {
  const lines: Line[] = [];
  const write = (level: string) => (message: string, fields?: JsonObject) => {
    lines.push({ level, message, fields });
  };
  const context: ActivityContext = {
    executionId: 'e-1',
    workflow: 'w',
    step: 's',
    attempt: 1,
    idempotencyKey: 'e-1:s',
    signal: new AbortController().signal,
    progress: undefined,
    heartbeat: () => undefined,
    logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    traceparent: undefined,
    ...overrides,
  };
  return { context, lines };
};
