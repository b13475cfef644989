import type { OrderBy } from '../../ports/read-models.ts';

/** Fields that hold a number, or nothing yet, by which executions are sorted. */
export type SortField = 'startedAt' | 'endedAt' | 'duration' | 'updatedAt';

/** What executions are sorted by in groups, those of one group by the time that they were started. */
export type GroupField = 'workflow' | 'status';

/** In which order executions are listed; where they are equal, by their ids. */
export interface ExecutionOrder {
  readonly by: SortField | GroupField;
  readonly direction: OrderBy['direction'];
}

/** The order that was the only one at first. */
export const byStart = (direction: OrderBy['direction']): ExecutionOrder => ({ by: 'startedAt', direction });

/** What the cursors of a list in an order belong to. */
export const listIn = ({ by, direction }: ExecutionOrder): string =>
  by === 'startedAt' ? `executions:${direction}` : `executions:${by}:${direction}`;
