import { NO_STREAM, type StreamHead } from '../domain/chain.ts';
import { field } from '../domain/definition/build/fields.ts';
import { canonicalText } from '../domain/definition/canonical.ts';
import { defaultOf } from '../domain/definition/decide-workflow.ts';
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
  /** When what is started began to have the schedule that it has; ms since the Unix epoch. */
  readonly scheduledSince: number;
}

const workflowEvent = (recorded: RecordedEvent): WorkflowEvent => {
  const { type, facts, payload } = current(recorded);
  return { type, facts, payload: JSON.parse(payload ?? '{}') } as WorkflowEvent;
};

/** Cron expression and time zone of what would be started, as one text; empty where nothing is by itself. */
const scheduleIn = (workflow: WorkflowState): string => {
  const version = workflow.versions[defaultOf(workflow) - 1];
  if (version === undefined || version.isRetired || workflow.isRetired) return '';
  const trigger = field(field(version.document, 'execution'), 'trigger');
  const schedule = field(trigger, 'schedule');
  return schedule === undefined
    ? ''
    : canonicalText([field(schedule, 'cron') ?? '', field(schedule, 'time_zone') ?? '']);
};

/** A workflow after an event that stands there in its stream. */
export const workflowAfter = (
  { name, scheduledSince, ...before }: Workflow,
  event: WorkflowEvent,
  { head, position, at }: Pick<Workflow, 'head' | 'position'> & { readonly at: number },
): Workflow => {
  const state = evolveWorkflow(before, event);
  const isSame = scheduleIn(before) === scheduleIn(state);
  return { ...state, name, head, position, scheduledSince: isSame ? scheduledSince : at };
};

/** A workflow folded from its stream; without versions when it was never registered. */
export const loadWorkflow = async (log: EventLog, name: string): Promise<Workflow> => {
  let workflow: Workflow = { ...UNREGISTERED, name, head: NO_STREAM, position: 0n, scheduledSince: 0 };
  for (;;) {
    const page = await log.read(streamOf('workflow', name), { from: workflow.head.revision + 1 });
    if (page.length === 0) return workflow;
    for (const event of page) {
      const { revision, commit, position } = event;
      const head = { revision, hash: commit.hash };
      workflow = workflowAfter(workflow, workflowEvent(event), { head, position, at: commit.metadata.at });
    }
  }
};
