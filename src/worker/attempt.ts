import type { Json, JsonObject } from '../domain/json.ts';
import { toPayload } from '../domain/payload.ts';
import type { Activity, ActivityContext, ActivityLogger } from '../ports/activities.ts';
import type { Assignment } from '../ports/workers.ts';
import { Refused, type Nodes } from './nodes.ts';
import { perform, type WorkReport } from './perform.ts';

/** An attempt as a node gives it: as JSON has it, what is not there is null. */
export type GivenAttempt = Omit<Assignment, 'traceparent' | 'progress' | 'timeout'> & {
  readonly traceparent: string | null;
  readonly progress: Json;
};

/** What attempts are made with. */
export interface AttemptParts {
  readonly nodes: Nodes;
  readonly logger: ActivityLogger;
  /** Aborted when attempts are to end. */
  readonly stopping: AbortSignal;
  /** Aborted when nothing is said any more. */
  readonly over: AbortSignal;
}

const LONGEST_TIMER = 2_147_483_647;

/** Makes an attempt and reports how it ended, to whichever node wants to know. Rejects when that came to nothing. */
export const makeAttempt = async (
  activity: Activity,
  given: GivenAttempt,
  url: string,
  { nodes, logger, stopping, over }: AttemptParts,
): Promise<void> => {
  const { token, executionId, workflow, step, attempt, idempotencyKey } = given;
  const abort = new AbortController();
  const ended = new AbortController();
  const silent = AbortSignal.any([over, ended.signal]);
  let news: JsonObject = {};
  let isBeating = false;

  const beat = async (): Promise<void> => {
    if (isBeating || ended.signal.aborted) return;
    isBeating = true;
    const said = news;
    news = {};
    try {
      const { stop, reason } = await nodes.tell(url, 'heartbeat', { token, ...said }, silent);
      if (stop === true)
        abort.abort(
          new DOMException(`Nobody wants the attempt any more: ${JSON.stringify(reason)}.`, 'AbortError'),
        );
    } catch (error) {
      if (error instanceof Refused) logger.warn('A heartbeat was refused.', { code: error.code, step });
    } finally {
      isBeating = false;
    }
    if ('progress' in news) void beat();
  };

  const context: ActivityContext = {
    executionId,
    workflow,
    step,
    attempt,
    idempotencyKey,
    signal: AbortSignal.any([abort.signal, stopping]),
    progress: given.progress ?? undefined,
    heartbeat: (progress) => {
      if (progress !== undefined) {
        const payload = toPayload(progress, Infinity, 'progress');
        if (!payload.ok) throw new TypeError(payload.message);
        news = { progress: payload.json };
      }
      void beat();
    },
    logger,
    traceparent: given.traceparent ?? undefined,
  };

  const timer = setInterval(() => void beat(), Math.min(LONGEST_TIMER, Math.ceil(given.heartbeat / 3)));
  try {
    const report: WorkReport = await perform(activity, context, given.input);
    await nodes.tell(url, report.what, { token, ...report.body }, over).catch((error: unknown) => {
      if (!(error instanceof Refused) || error.code === 'ATTEMPT_OVER') throw error;
      // What a node does not take is a failure of the attempt, and not its silence.
      const type = error.code === 'PAYLOAD_TOO_LARGE' ? 'PayloadTooLarge' : 'InvalidOutput';
      return nodes.tell(url, 'fail', { token, type, message: error.message }, over);
    });
  } finally {
    clearInterval(timer);
    ended.abort();
  }
};
