import { isFinal } from '../domain/execution/lifecycle.ts';
import type { Pending } from '../domain/execution/pending.ts';
import type { LiveExecution } from '../commands/executions.ts';

/** The children that executions wait for. */
export interface AwaitedChildren {
  /** Waits for a child's end, which may have come; harmless when it does already. Rejects as the reading of it does. */
  await(parent: string, step: string, child: string): Promise<void>;
  /** An execution stands like this now. */
  met(execution: LiveExecution): void;
  /** Others have ended an execution. Rejects as the reading of it does. */
  heard(id: string): Promise<void>;
  /** Lets go of children that the execution does not wait for. */
  keepOnly(parent: string, pending: readonly Pending[]): void;
  /** Lets go of what these executions wait for. */
  forsake(parents: (id: string) => boolean): void;
}

interface Waiting {
  readonly parent: string;
  readonly step: string;
}

/** Waits for nobody yet; `end` is told when a child that somebody waits for has ended, perhaps more than once. */
export const createAwaitedChildren = (
  load: (id: string) => Promise<LiveExecution | undefined>,
  end: (parent: string, step: string, child: LiveExecution) => void,
): AwaitedChildren => {
  const waiting = new Map<string, Waiting>();
  const children = new Map<string, Set<string>>();

  const met = (execution: LiveExecution): void => {
    const by = waiting.get(execution.id);
    if (by !== undefined && isFinal(execution.state.status)) end(by.parent, by.step, execution);
  };

  const look = async (child: string): Promise<void> => {
    if (!waiting.has(child)) return;
    const execution = await load(child);
    if (execution === undefined)
      throw new TypeError(
        `Expected the execution ${child}, which was started as a child, but there is none.`,
      );
    met(execution);
  };

  const letGo = (parent: string, isMeant: (child: string) => boolean): void => {
    const known = children.get(parent);
    if (known === undefined) return;
    for (const child of known)
      if (isMeant(child)) {
        known.delete(child);
        waiting.delete(child);
      }
    if (known.size === 0) children.delete(parent);
  };

  return {
    met,
    heard: look,
    await: async (parent, step, child) => {
      if (waiting.has(child)) return;
      waiting.set(child, { parent, step });
      const known = children.get(parent);
      if (known === undefined) children.set(parent, new Set([child]));
      else known.add(child);
      await look(child);
    },
    keepOnly: (parent, pending) => {
      if (!children.has(parent)) return;
      const kept = new Set(pending.map((waits) => (waits.kind === 'child' ? waits.child : '')));
      letGo(parent, (child) => !kept.has(child));
    },
    forsake: (parents) => {
      for (const parent of children.keys()) if (parents(parent)) letGo(parent, () => true);
    },
  };
};
