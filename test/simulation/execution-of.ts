import { executionEvent } from '../../src/commands/load-execution.ts';
import { evolve } from '../../src/domain/execution/evolve.ts';
import { INITIAL, type ExecutionState } from '../../src/domain/execution/state.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { entityOf } from '../../src/domain/stream.ts';
import type { SimulatedLog } from './simulated-log.ts';

/** The state that events of an execution make. */
export const stateOf = (events: readonly RecordedEvent[]): ExecutionState =>
  events.reduce((state, event) => evolve(state, executionEvent(event), event.commit.metadata.at), INITIAL);

/** The ids of all executions in a log, in the order in which they began. */
export const executionIds = (log: SimulatedLog): readonly string[] =>
  log.events.flatMap(({ type, stream }) => (type === 'execution.started' ? [entityOf(stream)] : []));
