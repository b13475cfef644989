import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '../ports/clock.ts';
import type { Scheduling } from '../ports/scheduling.ts';
import { CLOCK, DEFINITIONS, VIEWS } from '../ports/tokens.ts';
import type { ScheduleDocument } from '../projections/schedules.projection.ts';
import { GetSchedule, type ScheduleStatus } from './queries.ts';
import type { Views } from './views.ts';

/** Answers with what a schedule is and comes to. */
@QueryHandler(GetSchedule)
export class GetScheduleHandler implements IQueryHandler<GetSchedule> {
  readonly #views: Views;
  readonly #definitions: Scheduling;
  readonly #clock: Clock;

  constructor(
    @Inject(VIEWS) views: Views,
    @Inject(DEFINITIONS) definitions: Scheduling,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#views = views;
    this.#definitions = definitions;
    this.#clock = clock;
  }

  async execute({ workflow, runs, waitFor }: GetSchedule): Promise<ScheduleStatus | undefined> {
    await this.#views.reflect(waitFor, 'schedules');
    const scheduled = this.#definitions.scheduled(workflow);
    if (scheduled === undefined) return undefined;
    const document = await this.#views.get<ScheduleDocument>('schedules', workflow);
    const { schedule, since } = scheduled;
    const nextRuns: number[] = [];
    // What is late is about to be started, or made up for as the schedule says.
    let last: number | undefined = Math.max(since, document?.doc.until ?? 0, this.#clock.now());
    while (nextRuns.length < runs && (document?.doc.pause ?? null) === null) {
      last = schedule.next(last);
      if (last === undefined) break;
      nextRuns.push(last);
    }
    return { scheduled, nextRuns, document };
  }
}
