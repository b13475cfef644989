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
  readonly fallback?: { readonly activity: string };
}

/** A definition as its author wrote it. */
export interface Written {
  readonly workflow: string;
  readonly activities: readonly WrittenStep[];
  readonly compensation: {
    readonly strategy: string;
    readonly mode?: string;
    readonly activities?: readonly { readonly name: string }[];
  };
  readonly compensation_activities: Readonly<Record<string, { readonly activity: string }>>;
  readonly error_handling: {
    readonly workflow_error: { readonly strategy: string };
    readonly activity_error?: { readonly retry: { readonly max_attempts: number } };
  };
}

/** An execution as the log tells it, with the definition that it is pinned to. */
export interface History {
  readonly id: string;
  readonly events: readonly RecordedEvent[];
  readonly written: Written;
  /** Variables that it began with. */
  readonly variables: JsonObject;
}

/** Definitions by hash, as the log has them. */
const writtenIn = (log: SimulatedLog): ReadonlyMap<string, Written> =>
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
    const events = log.stream(streamOf('execution', id));
    const [first] = events;
    const written = definitions.get(first?.facts['definition'] as string);
    if (written === undefined) throw new Error(`Expected a definition of ${id}, but the log has none.`);
    const { variables } = JSON.parse(first?.payload ?? '{}') as { variables: JsonObject };
    return { id, events, written, variables };
  });
};

/** How often a step is tried at most. */
export const maxAttempts = ({ activities, error_handling }: Written, step: string): number => {
  const own = (
    allSteps(activities as unknown as readonly JsonObject[]) as unknown as readonly WrittenStep[]
  ).find(({ name }) => name === nameOf(step))?.retry;
  return own?.max_attempts ?? error_handling.activity_error?.retry.max_attempts ?? 1;
};

/** When an event was decided. */
export const timeOf = ({ commit }: RecordedEvent): number => commit.metadata.at;
