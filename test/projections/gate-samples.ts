import type { EventOf } from '../../src/domain/registry.ts';
import { WORKFLOW } from './samples.ts';

const error = { type: 'CircuitOpen', message: 'It is open.' };

const attempt = (step: string, n: number) => ({ workflow: WORKFLOW, step, activity: step, attempt: n });

export const stepRequested = (step: string, n = 1): EventOf<'step.requested'> => ({
  type: 'step.requested',
  facts: attempt(step, n),
});

const RUN = { workflow: WORKFLOW, request: 1, gate: 'max_workflows', key: WORKFLOW } as const;

export const runRequested = (): EventOf<'execution.requested'> => ({
  type: 'execution.requested',
  facts: { workflow: WORKFLOW, request: 1, key: WORKFLOW },
});

export const runQueued = (): EventOf<'execution.queued'> => ({
  type: 'execution.queued',
  facts: { ...RUN, position: 7, of: 100 },
});

export const runAdmitted = (): EventOf<'execution.admitted'> => ({
  type: 'execution.admitted',
  facts: { ...RUN, count: 10, of: 10 },
});

export const runRejected = (): EventOf<'execution.rejected'> => ({
  type: 'execution.rejected',
  facts: { ...RUN, count: 7, of: 100, errorType: 'QueueTimeout' },
  payload: { error: { type: 'QueueTimeout', message: 'It waited for too long.' } },
});

const BREAKER = { gate: 'circuit_breaker', count: 3, of: 3 } as const;

export const stepQueuedAtGate = (step: string, n = 1): EventOf<'step.queued'> => ({
  type: 'step.queued',
  facts: { ...attempt(step, n), reason: 'limit', gate: 'bulkhead', key: step, position: 7, of: 100 },
});

export const stepQueuedForMemory = (step: string, n = 1): EventOf<'step.queued'> => ({
  type: 'step.queued',
  facts: {
    ...attempt(step, n),
    reason: 'limit',
    gate: 'memory',
    key: 'n1',
    position: 2,
    of: 2,
    needs: 512,
    capacity: 2_048,
    dueAt: 9_000,
  },
});

export const memoryReserved = (step: string, n = 1): EventOf<'step.admitted'> => ({
  type: 'step.admitted',
  facts: { ...attempt(step, n), gate: 'memory', key: 'n1', count: 1_536, of: 2_048, needs: 512 },
});

export const stepAdmitted = (step: string, n = 1): EventOf<'step.admitted'> => ({
  type: 'step.admitted',
  facts: { ...attempt(step, n), ...BREAKER, key: step },
});

export const stepRejected = (step: string, n = 1, dueAt?: number): EventOf<'step.rejected'> => ({
  type: 'step.rejected',
  facts: {
    ...attempt(step, n),
    ...BREAKER,
    key: step,
    errorType: 'CircuitOpen',
    ...(dueAt === undefined ? {} : { delay: 100, dueAt }),
  },
  payload: { error },
});

/** What an attempt did to a breaker, as its execution stood at a revision. */
export const breakerTurned = (
  type: 'opened' | 'half_opened' | 'closed',
  executionId: string,
  revision: number,
): EventOf<'breaker.opened' | 'breaker.half_opened' | 'breaker.closed'> => {
  const by = { key: 'pay', workflow: WORKFLOW, executionId, step: 'pay', attempt: 1, revision };
  const counted = { ...by, failures: 3, threshold: 3 };
  switch (type) {
    case 'opened':
      return { type: 'breaker.opened', facts: { ...counted, errorType: 'Oops', until: 9_000 } };
    case 'half_opened':
      return { type: 'breaker.half_opened', facts: counted };
    default:
      return { type: 'breaker.closed', facts: by };
  }
};
