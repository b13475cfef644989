import { executionEvent } from '../../src/commands/load-execution.ts';
import { compileDefinition } from '../../src/domain/definition/compile.ts';
import type { Definition } from '../../src/domain/definition/definition.ts';
import type { WorkflowRegistered } from '../../src/domain/definition/events.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import type { ExecutionCommand } from '../../src/domain/execution/commands.ts';
import { decide } from '../../src/domain/execution/decide.ts';
import { evolve } from '../../src/domain/execution/evolve.ts';
import { pendingOf } from '../../src/domain/execution/pending.ts';
import { INITIAL, type ExecutionState } from '../../src/domain/execution/state.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { current } from '../../src/domain/registry.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import type { Projection } from '../../src/projections/projection.ts';
import type { History } from './history.ts';

/** The definition that the execution of a history is pinned to, as its log has it. */
export const definitionIn = (events: readonly RecordedEvent[], hash: string): Definition => {
  const found = events.find(
    ({ type, facts }) => type === 'workflow.registered' && facts['definition'] === hash,
  );
  if (found?.payload === undefined)
    throw new TypeError(`Expected the definition ${hash}, but it is not there.`);
  return compileDefinition((JSON.parse(found.payload) as WorkflowRegistered['payload']).document);
};

/** The execution of a history, folded by this version. */
export const stateOf = (events: readonly RecordedEvent[], executionId: string): ExecutionState =>
  events
    .filter(({ stream }) => stream === `execution-${executionId}`)
    .reduce((state, event) => evolve(state, executionEvent(event), event.commit.metadata.at), INITIAL);

/** What a server that takes up the execution does first; `undefined` when it only waits, or has nothing to do. */
const takingUp = (definition: Definition, state: ExecutionState): ExecutionCommand | undefined => {
  const [pending] = pendingOf(definition, state);
  switch (pending?.kind) {
    case 'attempt': {
      const { step, attempt, compensation } = pending;
      const error = { type: 'Interrupted', message: 'It is not known how it ended.' };
      return { type: 'fail_attempt', step, attempt, compensation, error, retry: 'always' };
    }
    case 'timer':
      return { ...pending, type: 'fire_timer' };
    case 'activity':
      return { type: 'go_on' };
    default:
      return undefined;
  }
};

/** What follows when this version takes up the execution, a minute after its last event. */
export const nextOf = (events: readonly RecordedEvent[], executionId: string): History['next'] => {
  const state = stateOf(events, executionId);
  const definition = definitionIn(events, state.definition);
  const command = takingUp(definition, state);
  if (command === undefined) return [];
  const now = (events.at(-1)?.commit.metadata.at ?? 0) + 60_000;
  const context = { executionId, now, random: () => 0.5, serves: () => true };
  return decide(definition, state, command, context).events.map(({ type, facts }) => ({
    type,
    facts: facts as unknown as JsonObject,
  }));
};

const fold = (
  projection: Projection,
  events: readonly RecordedEvent[],
): Readonly<Record<string, JsonObject>> => {
  const documents: Record<string, JsonObject> = {};
  for (const event of events.map(current)) {
    if (!(projection.handles as readonly string[]).includes(event.type)) continue;
    const key = projection.keyOf(event);
    if (key !== undefined) documents[key] = projection.evolve(documents[key], event);
  }
  return documents;
};

/** The documents that this version's projections make of a log. */
export const documentsIn = (events: readonly RecordedEvent[]): History['documents'] =>
  Object.fromEntries(PROJECTIONS.map((projection) => [projection.name, fold(projection, events)]));
