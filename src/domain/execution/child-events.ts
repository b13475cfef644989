import type { E, FinalStatus, Waiting } from './events.ts';

interface OfChild extends Waiting {
  /** The id of the child, which is an execution like any other. */
  readonly child: string;
}

/** The execution that a step is there for was started; the step waits for its end when it is `awaited`. */
export type ChildStarted = E<
  'child.started',
  OfChild & {
    readonly childWorkflow: string;
    /** Hash of the definition that the child is pinned to. */
    readonly childDefinition: string;
    readonly awaited: boolean;
  }
>;

/** The child that a step waits for has ended. */
export type ChildEnded = E<'child.ended', OfChild & { readonly status: FinalStatus }>;

/**
 * The child is to be cancelled, unless it has ended: its branch was given up (`joined`, `failed`), or the step or the run
 * has `ended` otherwise. Whoever runs the child carries it out; it may not have been started, and is then never run.
 */
export type ChildCancelRequested = E<
  'child.cancel_requested',
  OfChild & { readonly reason: 'joined' | 'failed' | 'ended' }
>;

/** What happens to the execution that a step has started. */
export type ChildEvent = ChildStarted | ChildEnded | ChildCancelRequested;
