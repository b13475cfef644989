import { cutValue } from '../domain/execution/cut-value.ts';
import type { LogLine } from '../domain/execution/log-events.ts';
import type { JsonObject } from '../domain/json.ts';
import { toPayload } from '../domain/payload.ts';
import type { ActivityLogger } from '../ports/activities.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { cutMessage } from './error-payload.ts';

/** Milliseconds that lines of a call wait to be recorded, unless it ends before. */
const PAUSE = 1_000;
/** Lines, and characters of them, that are kept until then; what an activity writes beyond is only counted. */
const MOST_LINES = 100;
const MOST_TEXT = 65_536;

/** What is written during a call. */
export interface CallLog {
  readonly logger: ActivityLogger;
  /** Takes what was written since it was last taken. */
  take(): readonly LogLine[];
  /** The call has ended: nothing more is recorded. */
  close(): void;
}

/** What a call's log is made with. */
export interface CallLogOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** The most bytes of a payload. */
  readonly maxPayload: number;
  /** Lines wait to be taken. */
  readonly flush: () => void;
}

const fieldsOf = (fields: JsonObject | undefined, maxPayload: number): JsonObject | undefined => {
  if (fields === undefined) return undefined;
  // Whatever was handed in: a line that cannot be kept must not end the call.
  const payload = toPayload(fields, Infinity, 'fields');
  if (!payload.ok) return { omitted: payload.message };
  return cutValue(payload.json, Math.min(10_240, maxPayload / 2)).json as JsonObject;
};

const sizeOf = ({ message, fields }: LogLine): number =>
  message.length + (fields === undefined ? 0 : JSON.stringify(fields).length);

/** What an activity writes: lines of the server's own log that name execution and step, and of the run's. */
export const openCallLog = (
  { logger, clock, maxPayload, flush }: CallLogOptions,
  executionId: string,
  step: string,
): CallLog => {
  let lines: LogLine[] = [];
  let text = 0;
  let left = 0;
  let closed = false;
  let timer: Timer | undefined;

  const keep = (line: LogLine): void => {
    if (closed) return;
    const size = sizeOf(line);
    if (lines.length >= MOST_LINES || text + size > MOST_TEXT) left += 1;
    else {
      lines.push(line);
      text += size;
    }
    timer ??= clock.after(PAUSE, () => {
      timer = undefined;
      flush();
    });
  };

  const line =
    (level: keyof Logger): ActivityLogger[typeof level] =>
    (message: unknown, fields) => {
      const text = String(message);
      logger[level]({ component: 'activity', executionId, step, ...fields }, text);
      const kept = fieldsOf(fields, maxPayload);
      const written = { level, at: clock.now(), message: cutMessage(text, maxPayload) };
      keep(kept === undefined ? written : { ...written, fields: kept });
    };

  return {
    logger: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
    take: () => {
      timer?.cancel();
      timer = undefined;
      const taken = lines;
      if (left > 0) taken.push({ level: 'warn', at: clock.now(), message: `${left} lines were left out.` });
      lines = [];
      text = 0;
      left = 0;
      return taken;
    },
    close: () => {
      closed = true;
      timer?.cancel();
    },
  };
};
