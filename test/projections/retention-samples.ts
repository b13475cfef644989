import type { EventOf } from '../../src/domain/registry.ts';
import { WORKFLOW } from './samples.ts';

export const removed = (workflow = WORKFLOW): EventOf<'execution.removed'> => ({
  type: 'execution.removed',
  facts: { workflow, status: 'completed', endedAt: 1, archive: 'an-archive.ndjson.gz' },
});

/** It is back, with what somebody was told of it. */
export const restored = (
  notifications: readonly string[] = [],
  workflow = WORKFLOW,
): EventOf<'execution.restored'> => ({
  type: 'execution.restored',
  facts: { workflow, archive: 'an-archive.ndjson.gz', status: 'completed', notifications },
});

/** It does not come back. */
export const condensed = (workflow = WORKFLOW): EventOf<'execution.condensed'> => ({
  type: 'execution.condensed',
  facts: { workflow, batch: 1, events: 4 },
});
