import type { StreamHead } from '../domain/chain.ts';
import type { Definition } from '../domain/definition/definition.ts';
import type { RecordedEvent } from '../domain/event.ts';
import type { ExecutionEvent } from '../domain/execution/events.ts';
import { evolve } from '../domain/execution/evolve.ts';
import type { ExecutionRemoved } from '../domain/execution/removal-events.ts';
import { INITIAL, type ExecutionState } from '../domain/execution/state.ts';
import { current } from '../domain/registry.ts';
import { streamOf } from '../domain/stream.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { LiveExecution } from './executions.ts';

const PAGE = 1_000;

/** An event of the log as `decide` made it. */
export const executionEvent = (recorded: RecordedEvent): ExecutionEvent => {
  const { type, facts, payload } = current(recorded);
  return {
    type,
    facts,
    ...(payload === undefined ? {} : { payload: JSON.parse(payload) }),
  } as ExecutionEvent;
};

/** Characters of the payloads of events. */
export const textOf = (events: readonly { readonly payload?: string | undefined }[]): number =>
  events.reduce((sum, { payload }) => sum + (payload?.length ?? 0), 0);

/** What an execution was before its stream begins: nothing, or, where that was truncated, one that had ended. */
const stateBefore = (first: RecordedEvent | undefined): ExecutionState => {
  if (first?.type !== 'execution.removed') return INITIAL;
  const { workflow, status } = first.facts as ExecutionRemoved['facts'];
  return { ...INITIAL, workflow, status, definition: first.commit.metadata.definition ?? '' };
};

/** An execution folded from its stream; `undefined` when it has none. */
export const loadExecution = async (
  log: EventLog,
  definitionOf: (workflow: string, hash: string) => Promise<Definition>,
  id: string,
): Promise<LiveExecution | undefined> => {
  const stream = streamOf('execution', id);
  let state = INITIAL;
  let first: RecordedEvent | undefined;
  let last: RecordedEvent | undefined;
  let text = 0;
  for (;;) {
    const from = last === undefined ? 0 : last.revision + 1;
    const page = await log.read(stream, { from, limit: PAGE });
    if (last === undefined) state = stateBefore(page[0]);
    for (const event of page) state = evolve(state, executionEvent(event), event.commit.metadata.at);
    text += textOf(page);
    first ??= page[0];
    last = page.at(-1) ?? last;
    if (page.length < PAGE) break;
  }
  if (last === undefined) return undefined;
  const definition = await definitionOf(state.workflow, state.definition);
  const head: StreamHead = { revision: last.revision, hash: last.commit.hash };
  const traceparent = first?.commit.metadata.traceparent;
  return {
    id,
    tenant: last.commit.metadata.tenant,
    traceparent,
    definition,
    state,
    head,
    position: last.position,
    text,
  };
};
