import { Rejection } from '../../domain/rejection.ts';

/** Where a bulk operation goes on: only executions that were started before it began, behind a cursor of their list. */
export interface BulkPlace {
  /** Ms since the Unix epoch. */
  readonly startedBefore: number;
  readonly after: string | undefined;
}

/** The opaque cursor of a place. */
export const bulkCursor = ({ startedBefore, after = '' }: BulkPlace): string => `${startedBefore}.${after}`;

/** The place that a cursor stands for. Throws `Rejection` (`BAD_USER_INPUT`) for what is none. */
export const bulkPlace = (cursor: string): BulkPlace => {
  const [, before, after] = /^(\d{1,16})\.([\w-]+)$/.exec(cursor) ?? [];
  if (before !== undefined && after !== undefined) return { startedBefore: Number(before), after };
  const found = cursor.slice(0, 100);
  throw new Rejection(
    'BAD_USER_INPUT',
    `Expected a cursor that an earlier call gave, but found ${JSON.stringify(found)}.`,
    { field: 'after', found, expected: 'endCursor of an earlier call with the same filter' },
  );
};
