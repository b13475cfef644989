import type { RecordedEvent } from '../domain/event.ts';
import type { ChildCancelRequested } from '../domain/execution/child-events.ts';
import type { ExecutionEvent } from '../domain/execution/events.ts';
import { Rejection } from '../domain/rejection.ts';
import { streamOf } from '../domain/stream.ts';
import { whenAvailable } from '../commands/append.ts';
import type { Executions, LiveExecution } from '../commands/executions.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';

const PAGE = 1_000;
const TOLD: ChildCancelRequested['type'] = 'child.cancel_requested';

/** What is needed to end children. */
export interface UnwantedOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly over: AbortSignal;
  readonly executions: Pick<Executions, 'handle'>;
  /** Which executions are this node's to end. */
  readonly owns: (executionId: string) => boolean;
}

/** Ends children that nobody waits for any more: all of it reject as the log does. */
export interface UnwantedChildren {
  /** Something has happened to an execution that may tell its children to end. */
  told(parent: string, events: readonly (ExecutionEvent | RecordedEvent)[]): Promise<void>;
  /** Ends an execution that was told to end before it could hear of that: what its parent's stream says. */
  ask(child: LiveExecution): Promise<void>;
}

/** Every child is ended by whoever runs it, so that it is whatever ends the process that runs its parent. */
export const createUnwantedChildren = (options: UnwantedOptions): UnwantedChildren => {
  const { log, clock, over, executions, owns } = options;

  const cancel = async (parent: string, child: string): Promise<void> => {
    const reason = `The execution ${parent}, which started it, does not wait for it any more.`;
    try {
      await executions.handle(child, { type: 'cancel', reason });
    } catch (error) {
      // One that is not there is asked for once it was started.
      if (!(error instanceof Rejection)) throw error;
    }
  };

  const isTold = async (parent: string, child: string, after: number): Promise<boolean> => {
    for (let from = after + 1; ; from += PAGE) {
      const page = await whenAvailable(clock, over, () =>
        log.read(streamOf('execution', parent), { from, limit: PAGE }),
      );
      if (page.some(({ type, facts }) => type === TOLD && facts['child'] === child)) return true;
      if (page.length < PAGE) return false;
    }
  };

  return {
    told: async (parent, events) => {
      const children = events.flatMap(({ type, facts }) =>
        type === TOLD ? [(facts as ChildCancelRequested['facts']).child] : [],
      );
      await Promise.all(children.filter(owns).map((child) => cancel(parent, child)));
    },
    ask: async ({ id, state: { parent } }) => {
      if (parent === undefined || !owns(id)) return;
      if (await isTold(parent.execution, id, parent.revision)) await cancel(parent.execution, id);
    },
  };
};
