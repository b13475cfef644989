import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Scope } from '../../domain/access/scope.ts';
import { Rejection } from '../../domain/rejection.ts';
import type { Page } from '../../queries/page.ts';
import type { ExecutionsFilter } from '../../queries/executions/filter.ts';
import { byStart } from '../../queries/executions/order.ts';
import { FindExecutions } from '../../queries/executions/queries.ts';
import type { WaitFor } from '../../queries/queries.ts';
import type { StoredDocument } from '../../ports/read-models.ts';
import type { ExecutionDocument } from '../../projections/execution-document.ts';
import type { BulkCommand } from './bulk-command.ts';
import { bulkCursor, type BulkPlace } from './bulk-cursor.ts';
import { createTally, type Tally } from './tally.ts';

const AT_ONCE = 16;
const PAGE = 500;
/** The most that a dry run counts. */
const MOST = 10_000;

/** What a bulk operation came to, as far as it is. */
export interface BulkProgress extends Tally {
  readonly dryRun: boolean;
  /** Where the next call goes on; undefined when nothing was found. */
  readonly endCursor: string | undefined;
  readonly hasMore: boolean;
}

/** The executions of a bulk operation. */
export interface BulkTarget {
  readonly filter: ExecutionsFilter;
  readonly place: BulkPlace;
  readonly waitFor: WaitFor;
  /** Whom of them whoever asks may come to. */
  readonly scope: Scope;
}

type Found = Page<StoredDocument<ExecutionDocument>>;

const find = (
  queries: QueryBus,
  { filter, place, waitFor, scope }: BulkTarget,
  first: number,
  after = place.after,
): Promise<Found> => {
  const startedBefore = Math.min(filter.startedBefore ?? Infinity, place.startedBefore);
  // From the oldest on: what is done to some so never moves the others in the list.
  return queries.execute(
    new FindExecutions({ ...filter, startedBefore }, byStart('asc'), { first, after }, waitFor).within(scope),
  );
};

const endOf = ({ items, endCursor }: Found): string | undefined => endCursor ?? items.at(-1)?.cursor;

const progressOf = (tally: Tally, dryRun: boolean, place: BulkPlace, page: Found): BulkProgress => {
  const last = endOf(page) ?? place.after;
  return {
    ...tally,
    dryRun,
    endCursor: last === undefined ? undefined : bulkCursor({ ...place, after: last }),
    hasMore: page.hasNextPage,
  };
};

/** Counts the executions that are meant, up to 10,000, and does nothing to them. */
export const countAll = async (queries: QueryBus, target: BulkTarget): Promise<BulkProgress> => {
  const tally = createTally();
  let page = await find(queries, target, PAGE);
  for (;;) {
    for (const { node } of page.items) tally.matched(node.doc.status);
    if (!page.hasNextPage || tally.read().matched >= MOST) break;
    page = await find(queries, target, PAGE, endOf(page));
  }
  return progressOf(tally.read(), true, target.place, page);
};

/**
 * Does something to the next executions that are meant, each of which is decided by what the log says of it, whatever the
 * view said. Rejects with `UNAVAILABLE` when the log is away: the same call may be made again.
 */
export const operateOnAll = async (
  queries: QueryBus,
  commands: CommandBus,
  target: BulkTarget,
  command: BulkCommand,
  atMost: number,
): Promise<BulkProgress> => {
  const page = await find(queries, target, atMost);
  const tally = createTally();
  const left = page.items.toReversed();
  const worker = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) {
      const { key, doc } = item.node;
      tally.matched(doc.status);
      try {
        tally.accepted(await commands.execute(command(key)));
      } catch (error) {
        if (!(error instanceof Rejection) || error.code === 'UNAVAILABLE') {
          left.length = 0;
          throw error;
        }
        tally.refused(key, error);
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return progressOf(tally.read(), false, target.place, page);
};
