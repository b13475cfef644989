import type { Accepted, Operated } from '../../commands/commands.ts';
import type { ExecutionStatus } from '../../domain/execution/events.ts';
import type { Rejection } from '../../domain/rejection.ts';

const SAMPLES = 20;

/** Executions that were refused for the same reason; the first twenty are named. */
export interface Refused {
  readonly code: string;
  /** What the first of them was told. */
  readonly message: string;
  readonly count: number;
  readonly executionIds: readonly string[];
}

/** How many executions were met, and what came of each. */
export interface Tally {
  readonly matched: number;
  /** By the status that the view had of them. */
  readonly statuses: readonly { readonly status: ExecutionStatus; readonly count: number }[];
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: readonly Refused[];
  /** Position of the latest event; 0 when nothing was done. */
  readonly position: bigint;
}

/** Counts one by one. */
export const createTally = () => {
  const statuses = new Map<ExecutionStatus, number>();
  const refusals = new Map<string, Refused>();
  let [matched, changed, unchanged, position] = [0, 0, 0, 0n];
  return {
    matched: (status: ExecutionStatus): void => {
      matched += 1;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    },
    accepted: (answer: Accepted | Operated): void => {
      if ('changed' in answer && !answer.changed) unchanged += 1;
      else changed += 1;
      if (answer.position > position) ({ position } = answer);
    },
    refused: (id: string, { code, message }: Rejection): void => {
      const known = refusals.get(code) ?? { code, message, count: 0, executionIds: [] };
      const executionIds =
        known.executionIds.length < SAMPLES ? [...known.executionIds, id] : known.executionIds;
      refusals.set(code, { ...known, count: known.count + 1, executionIds });
    },
    read: (): Tally => ({
      matched,
      statuses: [...statuses].map(([status, count]) => ({ status, count })),
      changed,
      unchanged,
      refused: [...refusals.values()],
      position,
    }),
  };
};
