import type { Isolation } from '../domain/definition/definition.ts';
import type { ErrorPayload } from '../domain/execution/events.ts';
import type { Json } from '../domain/json.ts';
import { toPayload } from '../domain/payload.ts';
import type { Activity, ActivityContext } from '../ports/activities.ts';
import type { Clock } from '../ports/clock.ts';
import { cutMessage, errorPayload } from './error-payload.ts';
import { takeHeartbeats, type Heartbeats } from './heartbeats.ts';
import type { Schemas } from './schemas.ts';
import type { Timeouts } from './timeout.ts';

/** How one call of an activity ended. */
export type Outcome =
  | { readonly ok: true; readonly output: Json }
  | { readonly ok: false; readonly error: ErrorPayload; readonly retry: 'by_policy' | 'never' };

/** One call to be made. */
export interface Call {
  readonly activity: Activity;
  /** There when it is to run in a process of its own. */
  readonly isolate: Isolation | undefined;
  readonly input: Json;
  readonly context: Omit<ActivityContext, 'signal' | 'heartbeat'>;
  /** Aborted when the call's result is not wanted any more. */
  readonly abort: AbortController;
  readonly timeouts: Timeouts;
  /** Records how far it is. */
  readonly progressed: (progress: Json) => void;
}

/** What calls are made with. */
export interface CallOptions {
  readonly clock: Clock;
  readonly schemas: Schemas;
  /** The most bytes of an output. */
  readonly maxPayload: number;
}

const failed = (
  { maxPayload }: CallOptions,
  type: string,
  message: string,
  retry: 'by_policy' | 'never' = 'by_policy',
): Outcome => ({ ok: false, error: { type, message: cutMessage(message, maxPayload) }, retry });

/** Calls an activity and waits for its end or a time-out, whichever is first. Never rejects. */
export const callActivity = (call: Call, options: CallOptions): Promise<Outcome> =>
  new Promise((resolve) => {
    const { abort, timeouts } = call;
    const { clock, maxPayload } = options;
    const giveUp = (reason: string, outcome: Outcome): void => {
      abort.abort(new DOMException(reason, 'TimeoutError'));
      resolve(outcome);
    };
    const timer = clock.after(timeouts.timeout, () =>
      giveUp(`The attempt took longer than ${timeouts.timeout} ms.`, timedOut(timeouts.timeout)),
    );
    const heartbeats = takeHeartbeats({
      clock,
      limit: timeouts.heartbeat,
      maxPayload,
      record: call.progressed,
      late: (limit) => giveUp(`The attempt sent no heartbeat for ${limit} ms.`, silent(limit)),
    });
    const letGo = (): void => {
      timer.cancel();
      heartbeats.stop();
    };
    // A call that nobody wants any more may never end; its time-outs must not outlive it.
    abort.signal.addEventListener('abort', letGo);
    const end = (outcome: Outcome) => {
      letGo();
      resolve(outcome);
    };
    run(call, heartbeats, options).then(end, (error: unknown) =>
      end({ ok: false, ...errorPayload(error, maxPayload) }),
    );
  });

const timedOut = (timeout: number): Outcome => {
  const message = `Expected the attempt to take at most ${timeout} ms, but it took longer.`;
  return { ok: false, error: { type: 'Timeout', message, details: { kind: 'attempt' } }, retry: 'by_policy' };
};

const silent = (limit: number): Outcome => {
  const message = `Expected a heartbeat of the attempt every ${limit} ms, but none came.`;
  return {
    ok: false,
    error: { type: 'Timeout', message, details: { kind: 'heartbeat' } },
    retry: 'by_policy',
  };
};

const run = async (call: Call, { beat }: Heartbeats, options: CallOptions): Promise<Outcome> => {
  const { schemas, maxPayload } = options;
  const { activity, isolate, input, context, abort } = call;
  const wrong = schemas.check(activity.input, input);
  if (wrong.length > 0)
    return failed(
      options,
      'InvalidInput',
      `Expected an input that "${activity.name}" takes, but ${wrong.join('; ')}.`,
      'never',
    );
  const perform = isolate === undefined ? activity.run : activity.isolated?.(isolate.memory);
  if (perform === undefined)
    return failed(
      options,
      'NotIsolatable',
      `Expected "${activity.name}" to be an activity of a module, which a process of its own can load, but it is none.`,
      'never',
    );
  const told = { ...context, signal: abort.signal, heartbeat: beat };
  const returned = await perform.call(activity, told, input);
  const output = toPayload(returned, maxPayload);
  if (!output.ok) return failed(options, output.type, output.message);
  const odd = schemas.check(activity.output, output.json);
  if (odd.length > 0)
    return failed(
      options,
      'InvalidOutput',
      `Expected an output that "${activity.name}" promises, but ${odd.join('; ')}.`,
    );
  return { ok: true, output: output.json };
};
