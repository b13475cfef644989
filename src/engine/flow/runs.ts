import { limitRefusal } from '../../domain/execution/limit-refusals.ts';
import { isFinal } from '../../domain/execution/lifecycle.ts';
import type { Pending, PendingRun } from '../../domain/execution/pending.ts';
import type { Rank } from '../../domain/execution/rank.ts';
import type { AttemptId } from '../../domain/flow/breaker-events.ts';
import { keyOfLimit } from '../../domain/flow/limits.ts';
import type { LiveExecution } from '../../commands/executions.ts';
import type { GatesOptions } from './gates.ts';
import { HANDED_OVER, type AtLimit, type Limiters } from './limiters.ts';

/** What runs are asked for with. */
export interface RunsOptions extends Pick<GatesOptions, 'load' | 'over' | 'report' | 'tell' | 'whenTaken'> {
  readonly limiters: Limiters;
  /** Sees to it that work for an execution is waited for, and nothing that goes wrong goes unseen. */
  readonly note: (id: string, work: Promise<unknown>) => void;
}

/** Executions that go on only as long as no more of their workflow do than may. */
export interface Runs {
  /** Asks for an execution, once; it is told the answer. */
  ask(execution: LiveExecution, waits: PendingRun): void;
  /** An execution stands like this now: one that has ended gives its place back. */
  met(execution: LiveExecution, pending: readonly Pending[]): void;
  /** Forgets executions that are another node's. */
  forget(ids: (id: string) => boolean): void;
  /** Whether a place is still somebody's, as its execution's stream says. Rejects as the log does. */
  isOpen(place: AttemptId): Promise<boolean>;
}

interface Asking {
  readonly request: number;
  readonly drop: AbortController;
}

/** A whole execution has a place by the number of its request, and none by a step. */
export const isOfRun = ({ step }: Pick<AttemptId, 'step'>): boolean => step === '';

const placeOf = (
  { id, definition, state }: LiveExecution,
  request: number,
  { lane, priority }: Rank,
): AtLimit | undefined => {
  const limit = definition.concurrency?.workflows;
  if (limit === undefined) return undefined;
  return {
    limit,
    workflow: state.workflow,
    activity: '',
    executionId: id,
    step: '',
    attempt: request,
    ...(lane === undefined ? {} : { lane }),
    ...(priority === undefined ? {} : { priority }),
  };
};

/** Lets executions go on when it is their turn. */
export const createRuns = ({ limiters, load, note, over, report, tell, whenTaken }: RunsOptions): Runs => {
  const asking = new Map<string, Asking>();

  const letGo = (id: string, mine: Asking): void => {
    if (asking.get(id) === mine) asking.delete(id);
  };

  const answer = async (id: string, at: AtLimit, { request, drop }: Asking): Promise<void> => {
    const key = keyOfLimit(at);
    const entrance = await limiters.enter(at, drop.signal, (position, of) =>
      tell(id, { type: 'queue_run', request, key, position, of }),
    );
    // Whoever goes on with the execution asks again, and is told the same.
    if (entrance.kind === 'dropped' || !(await whenTaken(id)) || over.aborted || drop.signal.aborted) return;
    const { kind, count, of } = entrance;
    if (kind === 'in') await tell(id, { type: 'admit_run', request, key, count, of });
    else {
      const { error } = limitRefusal(at.limit, kind, key, count, of);
      await tell(id, { type: 'reject_run', request, key, count, of, error });
    }
  };

  return {
    ask: (execution, waits) => {
      const { id } = execution;
      const at = placeOf(execution, waits.request, waits);
      if (at === undefined || asking.get(id)?.request === waits.request) return;
      const mine: Asking = { request: waits.request, drop: new AbortController() };
      asking.set(id, mine);
      report(
        id,
        answer(id, at, mine).finally(() => letGo(id, mine)),
      );
    },
    met: (execution, pending) => {
      const { id, state } = execution;
      const mine = asking.get(id);
      // One that is paused keeps its place, as does one that goes on elsewhere.
      if (mine !== undefined && !pending.some(({ kind }) => kind === 'run')) {
        letGo(id, mine);
        mine.drop.abort(HANDED_OVER);
      }
      const { request } = state;
      if (request === undefined || !isFinal(state.status)) return;
      const { nth: attempt, key } = request;
      note(id, limiters.leave({ gate: 'max_workflows', key, executionId: id, step: '', attempt }));
    },
    forget: (ids) => {
      for (const [id, mine] of asking) {
        if (!ids(id)) continue;
        asking.delete(id);
        mine.drop.abort(HANDED_OVER);
      }
    },
    isOpen: async ({ executionId, attempt }) => {
      const state = (await load(executionId))?.state;
      return state !== undefined && !isFinal(state.status) && state.request?.nth === attempt;
    },
  };
};
