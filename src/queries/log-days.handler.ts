import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { startDigest, type Digesting } from '../domain/digest.ts';
import { categoryOf } from '../domain/stream.ts';
import { START, type EventLog } from '../ports/event-log.ts';
import { EVENT_LOG } from '../ports/tokens.ts';
import { dayOfTime } from '../projections/rebuild/days.ts';
import { GetLogDays, type LogDay } from './log-days.ts';

const BATCH = 4_096;

/** Reads the log, and counts what is in it by category and day. */
@QueryHandler(GetLogDays)
export class GetLogDaysHandler implements IQueryHandler<GetLogDays> {
  readonly #log: EventLog;

  constructor(@Inject(EVENT_LOG) log: EventLog) {
    this.#log = log;
  }

  async execute({ upTo }: GetLogDays): Promise<readonly LogDay[]> {
    const end = await this.#log.end();
    const last = upTo === undefined || upTo > end ? end : upTo;
    const cells = new Map<string, Digesting>();
    const { signal } = new AbortController();
    if (last > START)
      for await (const batch of this.#log.subscribe({ after: START, signal, batch: BATCH })) {
        for (const { stream, id, type, position, commit } of batch.events) {
          if (position > last) break;
          const cell = `${categoryOf(stream)} ${dayOfTime(commit.metadata.at)}`;
          const digest = cells.get(cell) ?? startDigest();
          cells.set(cell, digest);
          digest.add(id, type);
        }
        if (batch.position >= last) break;
      }
    return [...cells]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([cell, digest]) => {
        const [category = '', day = ''] = cell.split(' ');
        const { documents: events, checksum } = digest.value();
        return { category, day, events, checksum };
      });
  }
}
