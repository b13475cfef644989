import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { startDigest, type Digesting } from '../domain/digest.ts';
import { categoryOf } from '../domain/stream.ts';
import type { Clock } from '../ports/clock.ts';
import { START, type EventLog, type LogBatch } from '../ports/event-log.ts';
import { CLOCK, EVENT_LOG } from '../ports/tokens.ts';
import { subscribeWhole } from '../ports/whole-log.ts';
import { dayOfTime } from '../projections/rebuild/days.ts';
import { GetLogDays, type LogDay } from './log-days.ts';

const BATCH = 4_096;
/** Milliseconds that a count that was broken off is kept for whoever asks again. */
const KEPT = 600_000;

/** How far a count has come, and what it has found by then. */
interface Count {
  position: bigint;
  readonly cells: Map<string, Digesting>;
}

const take = ({ cells }: Count, { events }: LogBatch, last: bigint): void => {
  for (const { stream, id, type, position, commit } of events) {
    if (position > last) return;
    const cell = `${categoryOf(stream)} ${dayOfTime(commit.metadata.at)}`;
    const digest = cells.get(cell) ?? startDigest();
    cells.set(cell, digest);
    digest.add(id, type);
  }
};

const daysOf = ({ cells }: Count): readonly LogDay[] =>
  [...cells]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([cell, digest]) => {
      const [category = '', day = ''] = cell.split(' ');
      const { documents: events, checksum } = digest.value();
      return { category, day, events, checksum };
    });

/**
 * Reads the log, and counts what is in it by category and day. A count that is broken off, since it took too long for one query,
 * goes on where it stopped when somebody asks again within ten minutes; one that came to its end is not kept, since it is
 * there to find what has changed.
 */
@QueryHandler(GetLogDays)
export class GetLogDaysHandler implements IQueryHandler<GetLogDays> {
  readonly #log: EventLog;
  readonly #clock: Clock;
  #broken: (Count & { readonly until: number }) | undefined;

  constructor(@Inject(EVENT_LOG) log: EventLog, @Inject(CLOCK) clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  async execute({ upTo }: GetLogDays): Promise<readonly LogDay[]> {
    const end = await this.#log.end();
    const last = upTo === undefined || upTo > end ? end : upTo;
    const count = this.#begun(last);
    try {
      await this.#finish(count, last);
    } catch (error) {
      const { position } = this.#broken ?? { position: START };
      if (count.position > position) this.#broken = { ...count, until: this.#clock.now() + KEPT };
      throw error;
    }
    return daysOf(count);
  }

  /** What was broken off, unless it had come further than is wanted now: it is one asker's from now on. */
  #begun(last: bigint): Count {
    const broken = this.#broken;
    if (broken === undefined || broken.position > last) return { position: START, cells: new Map() };
    this.#broken = undefined;
    return this.#clock.now() < broken.until
      ? { position: broken.position, cells: broken.cells }
      : { position: START, cells: new Map() };
  }

  async #finish(count: Count, last: bigint): Promise<void> {
    if (last <= count.position) return;
    const { signal } = new AbortController();
    for await (const batch of subscribeWhole(this.#log, { after: count.position, signal, batch: BATCH })) {
      take(count, batch, last);
      if (batch.position >= last) return;
      count.position = batch.position;
    }
  }
}
