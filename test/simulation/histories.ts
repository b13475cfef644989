import type { RecordedEvent } from '../../src/domain/event.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { nameOf } from '../../src/domain/execution/path.ts';
import { streamOf } from '../../src/domain/stream.ts';
import { allSteps } from './definitions.ts';
import { executionIds } from './execution-of.ts';
import type { SimulatedLog } from './simulated-log.ts';

/** A step as its author wrote it. */
export interface WrittenStep {
  readonly name: string;
  readonly activity?: string;
  readonly when?: string;
  readonly retry?: { readonly max_attempts: number };
  readonly timeout?: string | { readonly step?: string; readonly queue?: string };
  readonly fallback?: { readonly activity: string };
}

/** A definition as its author wrote it. */
export interface Written {
  readonly workflow: string;
  readonly timeout?: { readonly run: string };
  readonly priority?: string;
  readonly concurrency?: { readonly total?: JsonObject; readonly max_workflows?: number };
  readonly activities: readonly WrittenStep[];
  readonly compensation: {
    readonly strategy: string;
    readonly mode?: string;
    readonly timeout?: string;
    readonly activities?: readonly { readonly name: string }[];
  };
  readonly compensation_activities: Readonly<Record<string, { readonly activity: string }>>;
  readonly error_handling: {
    readonly workflow_error: { readonly strategy: string };
    readonly activity_error?: { readonly retry: { readonly max_attempts: number } };
  };
}

/** An execution as the log tells it, with the definition that it is pinned to in the end. */
export interface History {
  readonly id: string;
  /** Also of what was given up; without those that say that it is kept no longer, or is again. */
  readonly events: readonly RecordedEvent[];
  readonly written: Written;
  /** Variables that it began with. */
  readonly variables: JsonObject;
}

/** Definitions by hash, as the log has them. */
export const writtenIn = (log: SimulatedLog): ReadonlyMap<string, Written> =>
  new Map(
    log.events.flatMap(({ type, facts, payload = '{}' }) => {
      if (type !== 'workflow.registered') return [];
      const { source } = JSON.parse(payload) as { source: string };
      const { execution } = JSON.parse(source) as { execution: Written };
      return [[facts['definition'] as string, execution] as const];
    }),
  );

/** Every execution of a log. */
export const historiesIn = (log: SimulatedLog): readonly History[] => {
  const definitions = writtenIn(log);
  return executionIds(log).map((id) => {
    const events = log.stream(streamOf('execution', id)).filter((event) => !isKeeping(event));
    const [first] = events;
    const latest = events.findLast(({ type }) => type === 'execution.migrated') ?? first;
    const written = definitions.get(latest?.facts['definition'] as string);
    if (written === undefined) throw new Error(`Expected a definition of ${id}, but the log has none.`);
    const { variables } = JSON.parse(first?.payload ?? '{}') as { variables: JsonObject };
    return { id, events, written, variables };
  });
};

/** A step as its author wrote it, by its path. */
export const writtenStep = ({ activities }: Written, step: string): WrittenStep | undefined => {
  const all = allSteps(activities as unknown as readonly JsonObject[]) as unknown as readonly WrittenStep[];
  return all.find(({ name }) => name === nameOf(step));
};

/** How often a step is tried at most. */
export const maxAttempts = (written: Written, step: string): number => {
  const { error_handling } = written;
  const own = writtenStep(written, step)?.retry;
  return own?.max_attempts ?? error_handling.activity_error?.retry.max_attempts ?? 1;
};

const GOES_ON_WITH_STEP = ['retry', 'skip', 'activity'];

/** Whether a visit of a step, or one of its undoings, ends with an event. */
export const endsVisit = ({ type, facts }: RecordedEvent): boolean =>
  ['step.completed', 'step.skipped', 'step.cancelled', 'variables.set'].includes(type) ||
  ['step.compensated', 'step.compensation_failed', 'saga.compensating'].includes(type) ||
  (type === 'step.failed' && !GOES_ON_WITH_STEP.includes(facts['handled'] as string));

/** When an event was decided. */
export const timeOf = ({ commit }: RecordedEvent): number => commit.metadata.at;

/** Whether an event says that an execution is kept no longer, or is again. */
export const isKeeping = ({ type }: RecordedEvent): boolean =>
  ['execution.removed', 'execution.restored', 'execution.condensed'].includes(type);
