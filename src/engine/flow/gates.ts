import type { ActivityStep } from '../../domain/definition/definition.ts';
import type { ExecutionCommand } from '../../domain/execution/commands.ts';
import type { ExecutionEvent } from '../../domain/execution/events.ts';
import { nameOf } from '../../domain/execution/path.ts';
import { pendingOf, type Pending, type PendingAdmission } from '../../domain/execution/pending.ts';
import type { Breaker } from '../../domain/flow/breaker.ts';
import type { AttemptId, ByAttempt } from '../../domain/flow/breaker-events.ts';
import type { LiveExecution } from '../../commands/executions.ts';
import { createBreakers } from './breakers.ts';
import { endedCall } from './call-outcome.ts';
import type { SharedParts } from './shared-streams.ts';

/** What gates need. */
export interface GatesOptions extends SharedParts {
  readonly load: (id: string) => Promise<LiveExecution | undefined>;
  /** Whether an attempt may be begun for an execution here and now. */
  readonly takes: (id: string) => boolean;
  /** Carries out what the engine itself has to say of an execution, as long as that is this node's. */
  readonly tell: (id: string, command: ExecutionCommand) => Promise<unknown>;
  /** Sees to it that nothing that goes wrong with an execution goes unseen. */
  readonly report: (id: string, work: Promise<unknown>) => void;
}

/** What limits the calls of activities: attempts ask it, and it is told how they ended. */
export interface Gates {
  /** The breaker of an activity as it is known here; `undefined` while it is not. */
  breaker(activity: string): Breaker | undefined;
  /** Asks for an attempt, once; the execution is told the answer. */
  ask(execution: LiveExecution, waits: PendingAdmission): void;
  /** Takes note of calls that ended with these events, which are durable. */
  committed(execution: LiveExecution, events: readonly ExecutionEvent[]): void;
  /** Takes note of what an execution does not wait for any more, however that came. */
  keepOnly(execution: LiveExecution, pending: readonly Pending[]): void;
  /** Resolves once everything that ended is taken note of. Never rejects. */
  settled(): Promise<void>;
}

const limitedStep = ({ definition }: LiveExecution, path: string): ActivityStep | undefined => {
  const step = definition.places.get(nameOf(path))?.step;
  return step?.kind === 'activity' && step.breaker !== undefined ? step : undefined;
};

const nameOfAttempt = ({ executionId, step, attempt }: AttemptId): string =>
  `${executionId} ${step} ${attempt}`;

/** Whether an execution waits to make an attempt, or for its end. */
const waitsFor =
  ({ step, attempt }: Pick<AttemptId, 'step' | 'attempt'>) =>
  (waits: Pending): boolean =>
    (waits.kind === 'admission' || (waits.kind === 'attempt' && !waits.compensation)) &&
    waits.step === step &&
    waits.attempt === attempt;

/** Puts gates before the calls of a node. */
export const createGates = (options: GatesOptions): Gates => {
  const { load, over, report, takes, tell } = options;
  const asking = new Set<string>();
  const noting = new Set<Promise<unknown>>();
  /** Attempts that were let through a breaker that is half open, of which nothing is known yet. */
  const probes = new Map<string, ByAttempt>();

  const breakers = createBreakers({
    ...options,
    isOpen: async ({ executionId, ...attempt }) => {
      const execution = await load(executionId);
      return (
        execution !== undefined && pendingOf(execution.definition, execution.state).some(waitsFor(attempt))
      );
    },
  });

  const byOf = (
    { id, state, head }: LiveExecution,
    { step, attempt, activity }: Omit<PendingAdmission, 'kind'>,
  ): ByAttempt => ({
    key: activity,
    workflow: state.workflow,
    executionId: id,
    step,
    attempt,
    revision: head.revision,
  });

  const note = (id: string, work: Promise<unknown>): void => {
    const noted = work.finally(() => noting.delete(noted));
    noting.add(noted);
    report(id, noted);
  };

  const answer = async (execution: LiveExecution, waits: PendingAdmission): Promise<void> => {
    const { id } = execution;
    const { step: path, attempt } = waits;
    const step = limitedStep(execution, path);
    const by = byOf(execution, waits);
    const said =
      step === undefined ? ({ admitted: true, passed: [] } as const) : await breakers.ask(step, by);
    // What follows from the answer may be that it asks again.
    asking.delete(nameOfAttempt(by));
    // Whoever goes on with the execution asks again, and is told the same.
    if (over.aborted || !takes(id)) return;
    if (said.admitted && said.passed.length > 0) probes.set(nameOfAttempt(by), by);
    if (said.admitted) await tell(id, { type: 'admit', step: path, attempt, passed: said.passed });
    else await tell(id, { type: 'reject', step: path, attempt, refusal: said.refusal });
  };

  const ended = (execution: LiveExecution, event: ExecutionEvent, revision: number): void => {
    const step = 'step' in event.facts ? limitedStep(execution, event.facts.step) : undefined;
    const call = step?.breaker && endedCall(event, step.breaker);
    if (step?.breaker === undefined || call === undefined || call.activity !== step.activity) return;
    const by = { ...byOf(execution, call), revision };
    probes.delete(nameOfAttempt(by));
    note(execution.id, breakers.report(by, call.outcome, step.breaker));
  };

  return {
    breaker: breakers.known,
    ask: (execution, waits) => {
      const name = nameOfAttempt({ executionId: execution.id, ...waits });
      if (asking.has(name)) return;
      asking.add(name);
      report(
        execution.id,
        answer(execution, waits).finally(() => asking.delete(name)),
      );
    },
    committed: (execution, events) => {
      const first = execution.head.revision + 1 - events.length;
      for (const [index, event] of events.entries()) ended(execution, event, first + index);
    },
    keepOnly: (execution, pending) => {
      for (const [name, by] of probes) {
        if (by.executionId !== execution.id || pending.some(waitsFor(by))) continue;
        probes.delete(name);
        const policy = limitedStep(execution, by.step)?.breaker;
        if (policy !== undefined)
          note(by.executionId, breakers.report(by, { kind: 'neither', errorType: 'Cancelled' }, policy));
      }
    },
    settled: async () => {
      while (noting.size > 0) await Promise.allSettled(noting);
    },
  };
};
