import type { RecordedEvent } from '../../src/domain/event.ts';
import { categoryOf } from '../../src/domain/stream.ts';
import { REMOTE } from './step-kinds.ts';

const ENDS_ALL = /^(execution\.(completed|failed|cancelled|paused)|saga\.compensat(ing|ed))$/;

/** What waits for workers, as the log tells of it. */
export interface RemoteQueue {
  readonly isEmpty: boolean;
  /** Takes note of an event; answers whether something waits that did not. */
  note(event: RecordedEvent): boolean;
}

/** Follows what waits for workers. */
export const createRemoteQueue = (): RemoteQueue => {
  const queued = new Map<string, Set<string>>();
  const paused = new Map<string, Set<string>>();

  const drop = (stream: string, step: string): void => {
    const steps = queued.get(stream);
    steps?.delete(step);
    if (steps?.size === 0) queued.delete(stream);
  };

  const add = (stream: string, step: string): boolean => {
    const steps = queued.get(stream) ?? new Set();
    queued.set(stream, steps.add(step));
    return true;
  };

  return {
    get isEmpty() {
      return queued.size === 0;
    },
    note: ({ type, stream, facts }) => {
      if (categoryOf(stream) !== 'execution') return false;
      const { step, activity, reason } = facts;
      if (ENDS_ALL.test(type)) {
        const steps = queued.get(stream);
        if (type === 'execution.paused' && steps !== undefined) paused.set(stream, steps);
        queued.delete(stream);
        return false;
      }
      if (type === 'execution.resumed') {
        const steps = paused.get(stream);
        paused.delete(stream);
        if (steps !== undefined) queued.set(stream, steps);
        return steps !== undefined;
      }
      if (typeof step !== 'string') return false;
      paused.get(stream)?.delete(step);
      if (type === 'step.queued' && reason === 'no_activity' && REMOTE.includes(activity as string))
        return add(stream, step);
      drop(stream, step);
      return false;
    },
  };
};
