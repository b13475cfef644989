import { Rejection } from '../../domain/rejection.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import { streamOf } from '../../domain/stream.ts';
import { START, type EventLog } from '../../ports/event-log.ts';
import { executionNotFound } from '../../queries/not-found.ts';
import { openFeed } from './feed.ts';
import type { FeedFilter } from './filter.ts';
import type { Source } from './source.ts';
import { createTail, type Tail } from './tail.ts';

const LAST: ReadonlySet<string> = new Set([
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
  'saga.compensated',
]);

const isLast = ({ type }: RecordedEvent): boolean => LAST.has(type);

/** Events as they are appended, for any number of clients. */
export class EventFeeds {
  readonly #log: EventLog;
  readonly #tail: Tail;

  constructor(log: EventLog) {
    this.#log = log;
    this.#tail = createTail(log);
  }

  /** How many feeds follow the end of the log. */
  get following(): number {
    return this.#tail.members;
  }

  /** Events that a filter wants, behind a position or from now on. Rejects with `BAD_USER_INPUT` for a position that is not there yet. */
  async of(filter: FeedFilter, after: bigint | undefined): Promise<Source<RecordedEvent>> {
    await this.#requireReached(after);
    return openFeed(this.#log, this.#tail, { filter, after });
  }

  /** An execution's events up to its last one. Rejects with `EXECUTION_NOT_FOUND`. */
  async ofExecution(id: string, after: bigint | undefined): Promise<Source<RecordedEvent>> {
    await this.#requireReached(after);
    const stream = streamOf('execution', id);
    const head = await this.#log.head(stream);
    if (head === undefined) throw executionNotFound('id', id);
    return openFeed(this.#log, this.#tail, { filter: { stream }, after: after ?? START, until: isLast });
  }

  async #requireReached(after: bigint | undefined): Promise<void> {
    if (after === undefined || after === START) return;
    const end = await this.#log.end();
    if (after <= end) return;
    throw new Rejection(
      'BAD_USER_INPUT',
      `Expected a position that the log has reached (${end}), but found ${after}.`,
      {
        field: 'after',
        found: String(after),
        expected: `at most ${end}`,
      },
    );
  }
}
