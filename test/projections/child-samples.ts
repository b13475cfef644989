import type { EventOf } from '../../src/domain/registry.ts';
import { WORKFLOW } from './samples.ts';

const CHILD = '00000000-0000-7000-8000-00000000c41d';

const ofChild = (step: string, child: string) => ({ workflow: WORKFLOW, step, child });

/** A child was started, which its step waits for unless it says otherwise. */
export const childStarted = (step: string, awaited = true, child = CHILD): EventOf<'child.started'> => ({
  type: 'child.started',
  facts: { ...ofChild(step, child), childWorkflow: 'collect', childDefinition: 'sha256:def', awaited },
});

/** A child has ended. */
export const childEnded = (step: string, child = CHILD): EventOf<'child.ended'> => ({
  type: 'child.ended',
  facts: { ...ofChild(step, child), status: 'completed' },
});

/** A child is to end. */
export const childCancelRequested = (step: string, child = CHILD): EventOf<'child.cancel_requested'> => ({
  type: 'child.cancel_requested',
  facts: { ...ofChild(step, child), reason: 'ended' },
});
