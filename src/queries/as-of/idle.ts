import type { ExecutionDocument } from '../../projections/execution-document.ts';

/** What an execution waited for; `paused` while somebody had paused it, `operator` after its end, `turn` before its turn had come. */
export type WaitedFor = NonNullable<ExecutionDocument['waiting']> | 'paused' | 'operator' | 'turn';

/** Time in which nothing happened to an execution and no attempt was under way, ms. */
export interface Idle {
  readonly duration: number;
  /** What it waited for the longest; null when for nothing: no server was there to go on with it. */
  readonly waiting: WaitedFor | null;
}

/** Nothing happened for so long (ms) that it is worth a word. */
export const IDLE = 1_000;

/** What an execution waits for; `undefined` while an attempt is under way. */
export const waitedForBy = ({
  status,
  waiting,
  underWay,
}: ExecutionDocument): WaitedFor | null | undefined => {
  if (underWay.some((step) => step.waiting === null)) return undefined;
  switch (status) {
    case 'paused':
      return 'paused';
    case 'queued':
      return 'turn';
    case 'running':
    case 'compensating':
      return waiting;
    case 'completed':
    case 'failed':
    case 'cancelled':
    case 'compensated':
      return 'operator';
    default:
      return status satisfies never;
  }
};

/** Adds up idle time, stretch by stretch. */
export const createIdleTime = () => {
  let duration = 0;
  let longest = 0;
  let waiting: WaitedFor | null = null;
  return {
    /** The execution stood like this for so long until something happened. */
    stood(doc: ExecutionDocument | undefined, for_: number): void {
      const waited = doc && waitedForBy(doc);
      if (waited === undefined || for_ < IDLE) return;
      duration += for_;
      if (for_ <= longest) return;
      longest = for_;
      waiting = waited;
    },
    /** What has come together since this was asked before. */
    take(): Idle | undefined {
      const idle = duration === 0 ? undefined : { duration, waiting };
      duration = 0;
      longest = 0;
      return idle;
    },
  };
};
