import type { StreamHead } from '../chain.ts';

/** Whether what was recorded of a day is what was written. */
export interface AuditDayVerdict {
  readonly stream: string;
  readonly events: number;
  /** Where the stream ends: what to keep elsewhere, since nothing tells of a last commit that is missing today. */
  readonly head: StreamHead | undefined;
  /** What is wrong, where that shows first; `undefined` when nothing is. */
  readonly problem: string | undefined;
}
