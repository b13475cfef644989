import type { JsonObject } from '../domain/json.ts';
import { defineActivity } from './define-activity.ts';

interface LogInput {
  readonly message: string;
  readonly level?: 'debug' | 'info' | 'warn' | 'error';
  readonly fields?: JsonObject;
}

/** The built-in `log`: writes `message` (with `fields`, at `level`, default info) to the server's log; answers null. */
export const logActivity = defineActivity<LogInput>({
  name: 'log',
  idempotent: true,
  input: {
    type: 'object',
    required: ['message'],
    additionalProperties: false,
    properties: {
      message: { type: 'string' },
      level: { enum: ['debug', 'info', 'warn', 'error'] },
      fields: { type: 'object' },
    },
  },
  run: ({ logger }, { message, level = 'info', fields }) => {
    logger[level](message, fields);
    return null;
  },
});
