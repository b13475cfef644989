import { headAfter, seal } from '../domain/chain.ts';
import type { WorkflowEvent } from '../domain/definition/events.ts';
import { streamOf } from '../domain/stream.ts';
import { WrongExpectedRevision, type EventLog } from '../ports/event-log.ts';
import { appendWhole, checkSize, whenAvailable } from './append.ts';
import type { Caller } from './caller.ts';
import type { Envelopes, World } from './envelope.ts';
import { loadWorkflow, workflowAfter, type Workflow } from './load-workflow.ts';

/** What `createWorkflows` needs. */
export interface WorkflowsOptions {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  /** The most bytes of one event's payload. */
  readonly maxPayload: number;
  readonly over: AbortSignal;
  /** Told that a workflow in memory is another than before. */
  readonly changed: (name: string) => void;
}

/** What a command came to. */
export interface ChangedWorkflow {
  readonly workflow: Workflow;
  /** False when it was so already. */
  readonly changed: boolean;
}

/** Workflows in memory, as their streams tell them. */
export interface Workflows {
  all(): Iterable<Workflow>;
  /** A workflow as it is known here; `undefined` unless it is. */
  get(name: string): Workflow | undefined;
  /** A workflow as it is known here, read unless it is; an outage of the log is waited for. */
  known(name: string): Promise<Workflow>;
  /** A workflow as its stream tells it now. Rejects with `LogUnavailable`. */
  reload(name: string): Promise<Workflow>;
  /** The same, but an outage of the log is waited for. */
  reloadPatiently(name: string): Promise<Workflow>;
  /** Decides, appends; decides again on a conflict with another writer. Rejects as `decide` throws, and with `PAYLOAD_TOO_LARGE`. */
  change(
    name: string,
    decide: (workflow: Workflow) => WorkflowEvent | undefined,
    caller: Caller,
  ): Promise<ChangedWorkflow>;
}

/** Keeps workflows in memory. */
export const createWorkflows = (options: WorkflowsOptions): Workflows => {
  const { log, world, envelopes, maxPayload, over } = options;
  const workflows = new Map<string, Workflow>();

  const keep = (workflow: Workflow): void => {
    // Answers of the log may come in another order than they were true: an append that was repeated comes late.
    if ((workflows.get(workflow.name)?.head.revision ?? -1) >= workflow.head.revision) return;
    workflows.set(workflow.name, workflow);
    options.changed(workflow.name);
  };

  const reload = async (name: string): Promise<Workflow> => {
    const workflow = await loadWorkflow(log, name);
    keep(workflow);
    return workflow;
  };

  const reloadPatiently = (name: string): Promise<Workflow> =>
    whenAvailable(world.clock, over, () => reload(name));

  const known = async (name: string): Promise<Workflow> =>
    workflows.get(name) ?? (await reloadPatiently(name));

  const append = async (workflow: Workflow, event: WorkflowEvent, caller: Caller): Promise<Workflow> => {
    const { name, head } = workflow;
    const definition = 'definition' in event.facts ? event.facts.definition : undefined;
    const metadata = envelopes.open(name, caller, caller.tenant, world.clock.now(), definition);
    const commit = seal(streamOf('workflow', name), head, [event], metadata);
    checkSize(commit, maxPayload);
    const { position } = await appendWhole(log, world.clock, commit, over);
    return workflowAfter(workflow, event, { head: headAfter(commit), position, at: metadata.at });
  };

  return {
    all: () => workflows.values(),
    get: (name) => workflows.get(name),
    known,
    reload,
    reloadPatiently,
    change: async (name, decide, caller) => {
      for (let workflow = await known(name); ;) {
        const event = decide(workflow);
        if (event === undefined) return { workflow, changed: false };
        try {
          workflow = await append(workflow, event, caller);
          keep(workflow);
          return { workflow, changed: true };
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision)) throw error;
        }
        workflow = await reloadPatiently(name);
      }
    },
  };
};
