import type { PendingAttempt } from '../../domain/execution/pending.ts';
import type { Json } from '../../domain/json.ts';
import type { Activity, ActivityContext } from '../../ports/activities.ts';
import type { Assignment, Reported, ServedActivity, WorkFailure } from '../../ports/workers.ts';
import type { Timeouts } from '../timeout.ts';
import type { Seat } from './claims.ts';

/** How an attempt ended, as its worker says. */
export type Report = { readonly output: Json } | { readonly failure: WorkFailure };

/** An attempt that a worker makes. */
export interface RemoteAttempt {
  readonly fence: string;
  /** What it is told with; nothing until its call is begun here. */
  readonly ctx: ActivityContext | undefined;
  /**
   * Ends it; resolves once that is durable, and with nothing when it is not this node that knows how it ended. Whoever says
   * so again waits for the same.
   */
  end(report: Report): Promise<Reported | undefined>;
}

/** What a call by a worker is made with. */
export interface RemoteCall {
  readonly executionId: string;
  readonly attempt: PendingAttempt;
  readonly timeouts: Timeouts;
  /** Aborted when the result is not wanted any more. */
  readonly signal: AbortSignal;
}

/** The attempts that workers make for the executions of this node. */
export interface RemoteAttempts {
  /** The activity whose call waits for the report of a worker. With a seat it is given to that worker first. */
  call(call: RemoteCall, seat: Seat | undefined): Activity;
  find(executionId: string, step: string): RemoteAttempt | undefined;
  /** What an attempt came to is being recorded: nothing of it, when the work resolves with nothing. */
  recorded(executionId: string, attempt: PendingAttempt, work: Promise<Reported | undefined>): void;
}

interface Mine {
  readonly fence: string;
  readonly seat: Seat | undefined;
  ctx: ActivityContext | undefined;
  readonly report: PromiseWithResolvers<Report>;
  readonly end: PromiseWithResolvers<Reported | undefined>;
}

const keyOf = (executionId: string, step: string): string => `${executionId} ${step}`;

/** What the failure of an attempt is thrown as. */
const thrown = ({ type, message, details, nonRetryable }: WorkFailure): Error =>
  Object.assign(new Error(message), { type, details, retryable: !nonRetryable });

const assignmentOf = (
  ctx: ActivityContext,
  activity: string,
  input: Json,
  { timeout, heartbeat = timeout }: Timeouts,
): Omit<Assignment, 'token'> => ({
  executionId: ctx.executionId,
  workflow: ctx.workflow,
  step: ctx.step,
  activity,
  attempt: ctx.attempt,
  idempotencyKey: ctx.idempotencyKey,
  traceparent: ctx.traceparent,
  progress: ctx.progress,
  input,
  heartbeat,
  timeout,
});

/** Keeps the attempts of workers; `served` is what a worker has said of an activity. */
export const createRemoteAttempts = (
  served: (activity: string) => ServedActivity | undefined,
): RemoteAttempts => {
  const known = new Map<string, Mine>();

  const close = (key: string, mine: Mine, reported?: Reported): void => {
    if (known.get(key) === mine) known.delete(key);
    mine.seat?.free();
    mine.end.resolve(reported);
  };

  return {
    call: ({ executionId, attempt, timeouts, signal }, seat) => {
      const { step, activity, taken } = attempt;
      const key = keyOf(executionId, step);
      const mine: Mine = {
        fence: taken?.fence ?? '',
        seat,
        ctx: undefined,
        report: Promise.withResolvers(),
        end: Promise.withResolvers(),
      };
      known.set(key, mine);
      signal.addEventListener('abort', () => close(key, mine));
      return {
        name: activity,
        ...(seat?.served.input === undefined ? {} : { input: seat.served.input }),
        get output() {
          return served(activity)?.output;
        },
        run: async (ctx, input) => {
          mine.ctx = ctx;
          seat?.give(assignmentOf(ctx, activity, input, timeouts));
          const report = await mine.report.promise;
          if ('failure' in report) throw thrown(report.failure);
          return report.output;
        },
      };
    },
    find: (executionId, step) => {
      const mine = known.get(keyOf(executionId, step));
      if (mine === undefined) return undefined;
      const { fence, ctx, report, end } = mine;
      return {
        fence,
        ctx,
        end: (said) => {
          report.resolve(said);
          return end.promise;
        },
      };
    },
    recorded: (executionId, { step, taken }, work) => {
      const key = keyOf(executionId, step);
      const mine = known.get(key);
      if (mine === undefined || mine.fence !== taken?.fence) return;
      work.then(
        (reported) => close(key, mine, reported),
        () => close(key, mine),
      );
    },
  };
};
