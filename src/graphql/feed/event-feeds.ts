import { isFinal, TRANSITIONS } from '../../domain/execution/lifecycle.ts';
import { Rejection } from '../../domain/rejection.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import { streamOf } from '../../domain/stream.ts';
import { START, type EventLog } from '../../ports/event-log.ts';
import { executionNotFound } from '../../queries/not-found.ts';
import { openFeed } from './feed.ts';
import type { FeedFilter } from './filter.ts';
import { emptySource, type Source } from './source.ts';
import { createTail, type Tail } from './tail.ts';

/** What ends an execution. */
const LAST: ReadonlySet<string> = new Set(
  Object.values(TRANSITIONS)
    .flatMap((transitions) => Object.entries(transitions))
    .filter(([, status]) => isFinal(status))
    .map(([type]) => type),
);

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
    const end = await this.#log.end();
    requireReached(end, after);
    return openFeed(this.#log, this.#tail, { filter, after: after ?? end });
  }

  /** An execution's events up to its last one. Rejects with `EXECUTION_NOT_FOUND`. */
  async ofExecution(id: string, after: bigint = START): Promise<Source<RecordedEvent>> {
    requireReached(await this.#log.end(), after);
    const stream = streamOf('execution', id);
    const head = await this.#log.head(stream);
    if (head === undefined) throw executionNotFound('id', id);
    const [latest] = await this.#log.read(stream, { from: head.revision, limit: 1 });
    // Who resumes behind the last event would wait for ever.
    if (latest !== undefined && isLast(latest) && latest.position <= after) return emptySource();
    return openFeed(this.#log, this.#tail, { filter: { stream }, after, until: isLast });
  }
}

const requireReached = (end: bigint, after: bigint | undefined): void => {
  if (after === undefined || after <= end) return;
  throw new Rejection(
    'BAD_USER_INPUT',
    `Expected a position that the log has reached (${end}), but found ${after}.`,
    { field: 'after', found: String(after), expected: `at most ${end}` },
  );
};
