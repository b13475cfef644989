import { isEnd, leavesEnd } from '../../domain/execution/lifecycle.ts';
import type { Scope } from '../../domain/access/scope.ts';
import { Rejection } from '../../domain/rejection.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import { streamOf } from '../../domain/stream.ts';
import { comesTo } from '../../ports/comes-to.ts';
import { START, type EventLog } from '../../ports/event-log.ts';
import { executionNotFound } from '../../queries/not-found.ts';
import type { Followed } from './cursor.ts';
import { openFeed } from './feed.ts';
import type { FeedFilter } from './filter.ts';
import { emptySource, type Source } from './source.ts';
import { createTail, type Tail } from './tail.ts';

const isLast = ({ type }: RecordedEvent): boolean => isEnd(type);

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
  async of(filter: FeedFilter, after: bigint | undefined): Promise<Source<Followed>> {
    const end = await this.#log.end();
    requireReached(end, after);
    return openFeed(this.#log, this.#tail, { filter, after: after ?? end });
  }

  /** The workflow of an execution; `undefined` when there is none. Rejects as the log does. */
  async workflowOf(id: string): Promise<string | undefined> {
    const [first] = await this.#log.read(streamOf('execution', id), { limit: 1 });
    const workflow = first?.facts['workflow'];
    return typeof workflow === 'string' ? workflow : undefined;
  }

  /** An execution's events up to its last one; a failure before which it was retried is not the last. Rejects with `EXECUTION_NOT_FOUND`. */
  async ofExecution(id: string, after: bigint = START, scope?: Scope): Promise<Source<Followed>> {
    requireReached(await this.#log.end(), after);
    const stream = streamOf('execution', id);
    const head = await this.#log.head(stream);
    if (head === undefined || !(await comesTo(this.#log, scope, id))) throw executionNotFound('id', id);
    const { latest, hasEnded } = await this.#endOf(stream, head.revision);
    // Who resumes behind the last event would wait for ever.
    if (hasEnded && latest !== undefined && latest.position <= after) return emptySource();
    // One that failed and was retried has come to an end before, behind which it went on.
    const until = (event: RecordedEvent): boolean =>
      event.revision >= head.revision && (isLast(event) || (hasEnded && event.revision === head.revision));
    return openFeed(this.#log, this.#tail, { filter: { stream }, after, until });
  }

  /** The latest event, and whether the execution has ended with it or before: one that failed may be mended. */
  async #endOf(stream: string, revision: number) {
    const [latest] = await this.#log.read(stream, { from: revision, limit: 1 });
    let end = latest;
    while (end !== undefined && leavesEnd(end))
      [end] = await this.#log.read(stream, { from: end.revision - 1, limit: 1 });
    return { latest, hasEnded: end !== undefined && isLast(end) };
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
