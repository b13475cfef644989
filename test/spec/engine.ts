import { createActivities } from '../../src/activities/registry.ts';
import { defineActivity, type ActivityDefinition } from '../../src/activities/define-activity.ts';
import type { Caller } from '../../src/commands/caller.ts';
import { createDefinitions, type Definitions } from '../../src/commands/definitions.ts';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import type { Handled } from '../../src/commands/executions.ts';
import { executionEvent, loadExecution } from '../../src/commands/load-execution.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import type { ExecutionEvent } from '../../src/domain/execution/events.ts';
import type { ExecutionState } from '../../src/domain/execution/state.ts';
import type { Capacity } from '../../src/domain/flow/resources.ts';
import type { Json } from '../../src/domain/json.ts';
import { streamOf } from '../../src/domain/stream.ts';
import { createEmissions, type Emissions } from '../../src/commands/emissions.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { createDeliveries, type Deliveries } from '../../src/engine/notifications/deliveries.ts';
import type { Owned } from '../../src/engine/owned.ts';
import { createProvide } from '../../src/engine/provide.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import type { Ids } from '../../src/ports/ids.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import { handClock, type HandClock } from './clock.ts';
import { countingIds } from './ids.ts';
import { SILENT_NOTIFIER } from './silent-notifier.ts';

/** Whoever a spec speaks for. */
export const CALLER: Caller = {
  actor: { id: 'somebody@example.org', kind: 'user', via: 'none' },
  tenant: 'default',
  traceparent: undefined,
};

/** What a spec's activity does; its name is the key that it stands under. */
export type Run = ActivityDefinition<Json, unknown>['run'];

/** What an engine of a spec is made of. */
export interface EngineParts {
  readonly log: EventLog;
  /** Stands still at a time of its own unless one is given. */
  readonly clock?: HandClock;
  readonly ids?: Ids;
  readonly activities: Readonly<Record<string, Run | Omit<ActivityDefinition<Json, unknown>, 'name'>>>;
  readonly maxPayload?: number;
  /** More than any spec takes unless it is given. */
  readonly capacity?: Capacity;
  readonly idle?: number;
  readonly text?: number;
  /** What messages are sent by; without it they are all taken. */
  readonly notifier?: Notifier;
  /** Which executions it runs; all unless it says otherwise. */
  readonly owned?: Owned;
  /** Told that a workflow in memory is another than before. */
  readonly changed?: (workflow: string) => void;
  /** Told that events wait to start an execution, by the id of what is gathered and until when. */
  readonly gathered?: (id: string, dueAt: number) => void;
}

/** An engine on a log, as the server puts it together. */
export interface EngineUnderTest {
  readonly engine: Engine;
  readonly deliveries: Deliveries;
  readonly definitions: Definitions;
  readonly emissions: Emissions;
  readonly clock: HandClock;
  /** What was reported as an error in the server's own log. */
  readonly errors: readonly object[];
  /** Starts an execution of the definition whose lines under `execution:` are given. */
  readonly start: (yaml: string, input?: Json, id?: string) => Promise<Handled & { readonly id: string }>;
  /** Starts an execution and waits for its end. */
  readonly run: (yaml: string, input?: Json) => Promise<Ended>;
  /** Waits for the end of an execution. */
  readonly end: (id: string) => Promise<Ended>;
}

/** An execution that has ended. */
export interface Ended {
  readonly id: string;
  readonly state: ExecutionState;
  readonly events: readonly ExecutionEvent[];
  readonly types: readonly string[];
}

/** Everything that the log holds of an execution. */
export const recordedOf = (log: EventLog, id: string): Promise<readonly RecordedEvent[]> =>
  log.read(streamOf('execution', id), { limit: 100_000 });

/** The history of an execution, as the log holds it. */
export const historyOf = async (log: EventLog, id: string): Promise<readonly ExecutionEvent[]> =>
  (await recordedOf(log, id)).map(executionEvent);

/** Resolves once the log holds an event of an execution that is wanted. */
export const seen = async (
  log: EventLog,
  id: string,
  wanted: (event: ExecutionEvent) => boolean,
): Promise<ExecutionEvent> => {
  const over = new AbortController();
  const filter = { stream: streamOf('execution', id) };
  for await (const { events } of log.subscribe({ after: 0n, filter, signal: over.signal })) {
    const found = events.map(executionEvent).find(wanted);
    if (found === undefined) continue;
    over.abort();
    return found;
  }
  throw new Error('Expected an event, but the log was closed.');
};

/** The lines under `execution:` as a source. */
export const sourceOf = (yaml: string): string => `execution:\n${yaml.replaceAll(/^/gm, '  ')}`;

/** Puts an engine on a log. */
export const openEngine = (parts: EngineParts): EngineUnderTest => {
  const { log, clock = handClock(), ids = countingIds() } = parts;
  const errors: object[] = [];
  const silent = () => undefined;
  const logger: Logger = {
    debug: silent,
    info: silent,
    warn: silent,
    error: (fields) => errors.push(fields),
  };
  const world = { clock, ids };
  const maxPayload = parts.maxPayload ?? 524_288;
  const common = { log, world, envelopes: createEnvelopes('a-node', ids), maxPayload };
  const activities = createActivities(
    Object.entries(parts.activities).map(([name, run]) => ({
      activity: defineActivity(typeof run === 'function' ? { name, run } : { name, ...run }),
      from: 'the spec',
    })),
  );
  const over = new AbortController();
  const definitions = createDefinitions({
    ...common,
    over: over.signal,
    serves: (activity) => activities.find(activity) !== undefined,
    ...(parts.notifier?.directory === undefined ? {} : { directory: parts.notifier.directory }),
    changed: (workflow) => parts.changed?.(workflow),
  });
  const { notifier = SILENT_NOTIFIER } = parts;
  const owned = parts.owned === undefined ? {} : { owned: parts.owned };
  const deliveries = createDeliveries({ ...common, ...owned, notifier, timeout: 10_000, logger });
  const emissions = createEmissions({
    ...common,
    over: over.signal,
    gathered: (id, dueAt) => parts.gathered?.(id, dueAt),
  });
  const engine = createEngine({
    ...common,
    activities,
    capacity: parts.capacity ?? { node: 'a-node', cpu: 64_000, memory: 65_536 },
    provide: createProvide(() => ({ ...common, definitions, emissions, executions: engine.executions })),
    logger,
    definition: definitions.get,
    ...(parts.idle === undefined ? {} : { idle: parts.idle }),
    ...(parts.text === undefined ? {} : { text: parts.text }),
    ...owned,
    happened: ({ id, tenant }, revision, events) => deliveries.notice(id, revision, events, tenant),
  });

  engine.over.addEventListener('abort', () => over.abort());

  const start: EngineUnderTest['start'] = async (yaml, input = null, id = ids.next()) => {
    const { workflow } = await definitions.register(sourceOf(yaml), CALLER);
    const definition = await definitions.startable(workflow);
    const command = { type: 'start', id, trigger: 'manual', input, event: null } as const;
    return { id, ...(await engine.executions.start(id, definition, command, CALLER)) };
  };

  const end: EngineUnderTest['end'] = async (id) => {
    await engine.ended(id);
    const execution = await loadExecution(log, definitions.get, id);
    if (execution === undefined) throw new Error(`Expected an execution ${id}, but there is none.`);
    const events = await historyOf(log, id);
    return { id, state: execution.state, events, types: events.map(({ type }) => type) };
  };

  return {
    engine,
    deliveries,
    definitions,
    emissions,
    clock,
    errors,
    start,
    end,
    run: async (yaml, input) => end((await start(yaml, input)).id),
  };
};
