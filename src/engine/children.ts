import type { RecordedEvent } from '../domain/event.ts';
import type { EndChild } from '../domain/execution/commands.ts';
import type { ExecutionEvent } from '../domain/execution/events.ts';
import { isEnd, isFinal } from '../domain/execution/lifecycle.ts';
import type { Pending } from '../domain/execution/pending.ts';
import { outputOf } from '../domain/execution/state.ts';
import { entityOf } from '../domain/stream.ts';
import type { Executions, LiveExecution } from '../commands/executions.ts';
import { createAwaitedChildren } from './awaited-children.ts';
import { createUnwantedChildren, type UnwantedOptions } from './unwanted-children.ts';

/** What is needed to look after children. */
export interface ChildrenOptions extends UnwantedOptions {
  readonly executions: Pick<Executions, 'handle' | 'load'>;
  /** Has the step of a parent go on. */
  readonly end: (parent: string, command: EndChild) => void;
  /** Sees to it that nothing that goes wrong with an execution goes unseen. */
  readonly report: (id: string, work: Promise<unknown>) => void;
}

/** Looks after executions that wait for others, and after those that nobody waits for any more. */
export interface Children {
  /** Waits for the end of a child; harmless when it does already. */
  await(parent: string, step: string, child: string): void;
  /** What was just made durable for an execution. */
  committed(execution: LiveExecution, events: readonly ExecutionEvent[]): void;
  /** An execution is taken up here as it stands in the log. */
  takenUp(execution: LiveExecution): void;
  /** Others have appended an event of an execution. */
  hear(event: RecordedEvent): void;
  /** An execution waits for these, and for nothing else. */
  keepOnly(execution: LiveExecution, pending: readonly Pending[]): void;
  /** Lets go of what these executions wait for. */
  forsake(parents: (id: string) => boolean): void;
}

/** Looks after no child yet. */
export const createChildren = (options: ChildrenOptions): Children => {
  const { executions, over, end, report } = options;
  const unwanted = createUnwantedChildren(options);

  const awaited = createAwaitedChildren(executions.load, (parent, step, { id: child, state }) => {
    const { status, failure } = state;
    if (over.aborted || !isFinal(status)) return;
    const error = failure === undefined ? {} : { error: failure.error };
    end(parent, { type: 'end_child', step, child, status, output: outputOf(state), ...error });
  });

  /** One that another waits for may have been told to end before it was there, or could hear of it. */
  const takenUp: Children['takenUp'] = (execution) => {
    const { parent, status } = execution.state;
    if (parent !== undefined && parent.depth > 0 && !isFinal(status))
      report(execution.id, unwanted.ask(execution));
  };

  return {
    await: (parent, step, child) => report(parent, awaited.await(parent, step, child)),
    committed: (execution, events) => {
      const { id } = execution;
      if (events.some(({ type }) => type === 'child.cancel_requested')) report(id, unwanted.told(id, events));
      if (events[0]?.type === 'execution.started') takenUp(execution);
    },
    takenUp,
    hear: (event) => {
      if (over.aborted) return;
      const id = entityOf(event.stream);
      if (isEnd(event.type)) report(id, awaited.heard(id));
      else if (event.type === 'child.cancel_requested') report(id, unwanted.told(id, [event]));
    },
    keepOnly: (execution, pending) => {
      awaited.met(execution);
      awaited.keepOnly(execution.id, pending);
    },
    forsake: awaited.forsake,
  };
};
