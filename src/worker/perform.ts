import { cut } from '../domain/cut.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { toPayload } from '../domain/payload.ts';
import type { Activity, ActivityContext } from '../ports/activities.ts';

/** What a worker reports of an attempt: what it asks of the API, and with what. */
export interface WorkReport {
  readonly what: 'complete' | 'fail';
  readonly body: JsonObject;
}

const failed = (type: string, message: string, more: JsonObject = {}): WorkReport => ({
  what: 'fail',
  body: { type, message, ...more },
});

const reportOf = (thrown: unknown): WorkReport => {
  if (typeof thrown !== 'object' || thrown === null) return failed('Error', String(thrown));
  const { type, name, message, details, retryable } = thrown as Readonly<Record<string, unknown>>;
  const named = [type, name].find((text): text is string => typeof text === 'string' && text !== '');
  const kept = details === undefined ? undefined : toPayload(details, Infinity);
  return failed(cut(named ?? 'Error', 200), typeof message === 'string' ? message : '', {
    ...(kept?.ok === true ? { details: kept.json } : {}),
    ...(retryable === false ? { nonRetryable: true } : {}),
  });
};

/** Calls an activity; what it throws and what is no JSON is a failure. Never rejects. */
export const perform = async (
  activity: Activity,
  context: ActivityContext,
  input: Json,
): Promise<WorkReport> => {
  try {
    const output = toPayload(await activity.run(context, input), Infinity);
    return output.ok
      ? { what: 'complete', body: { output: output.json } }
      : failed(output.type, output.message);
  } catch (error) {
    return reportOf(error);
  }
};
