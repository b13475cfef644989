/** Which reads of a workflow's executions are recorded, each with what the one before it has. */
export const RECORDED_READS = ['none', 'history', 'payloads'] as const;

/** One of them. */
export type RecordedReads = (typeof RECORDED_READS)[number];
