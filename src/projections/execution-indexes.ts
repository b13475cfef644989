import type { CollectionIndex } from '../ports/read-models.ts';

/**
 * What lists of executions are walked by: each filter in the order of the starts, and those that say the most of many in
 * the other orders too. What an order has no index of is met on the way, or sorted when it is little. Those other orders have
 * none of their own, since each costs what a list does not: they are walked status by status, merged.
 */
export const EXECUTION_INDEXES: readonly CollectionIndex[] = [
  { fields: ['startedAt'] },
  { fields: ['status', 'startedAt'] },
  { fields: ['workflow', 'startedAt'] },
  { fields: ['workflow', 'status', 'startedAt'] },
  { fields: ['definition', 'startedAt'] },
  { fields: ['trigger', 'startedAt'] },
  { fields: ['triggeredBy', 'startedAt'] },
  { fields: ['tenant', 'startedAt'] },
  { fields: ['errorType', 'startedAt'], sparse: true },
  { fields: ['parent', 'startedAt'], sparse: true },
  { each: 'terms', fields: ['startedAt'] },
  { fields: ['status', 'endedAt'] },
  { fields: ['workflow', 'endedAt'] },
  { fields: ['status', 'duration'] },
  { fields: ['workflow', 'duration'] },
  { fields: ['status', 'updatedAt'] },
];
