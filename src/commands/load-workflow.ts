import { NO_STREAM, type StreamHead } from '../domain/chain.ts';
import type { WorkflowEvent } from '../domain/definition/events.ts';
import { evolveWorkflow, UNREGISTERED, type WorkflowState } from '../domain/definition/workflow.ts';
import type { RecordedEvent } from '../domain/event.ts';
import { current } from '../domain/registry.ts';
import { streamOf } from '../domain/stream.ts';
import type { EventLog } from '../ports/event-log.ts';

/** A workflow as its stream tells it. */
export interface Workflow extends WorkflowState {
  readonly name: string;
  readonly head: StreamHead;
  readonly position: bigint;
}

const workflowEvent = (recorded: RecordedEvent): WorkflowEvent => {
  const { type, facts, payload } = current(recorded);
  return { type, facts, payload: JSON.parse(payload ?? '{}') } as WorkflowEvent;
};

/** A workflow folded from its stream; without versions when it was never registered. */
export const loadWorkflow = async (log: EventLog, name: string): Promise<Workflow> => {
  let workflow: Workflow = { ...UNREGISTERED, name, head: NO_STREAM, position: 0n };
  for (;;) {
    const page = await log.read(streamOf('workflow', name), { from: workflow.head.revision + 1 });
    if (page.length === 0) return workflow;
    for (const event of page) {
      const { revision, commit, position } = event;
      const head = { revision, hash: commit.hash };
      workflow = { ...evolveWorkflow(workflow, workflowEvent(event)), name, head, position };
    }
  }
};
