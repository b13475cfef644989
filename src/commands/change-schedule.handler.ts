import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decideSchedule } from '../domain/schedule/decide.ts';
import { Rejection } from '../domain/rejection.ts';
import type { Clock } from '../ports/clock.ts';
import type { Scheduling } from '../ports/scheduling.ts';
import { CLOCK, DEFINITIONS, SCHEDULES } from '../ports/tokens.ts';
import { ChangeSchedule, type Accepted } from './commands.ts';
import { patiently } from './patience.ts';
import type { Schedules } from './schedules.ts';

/** Pauses the schedule of a workflow, or lets it go on. */
@CommandHandler(ChangeSchedule)
export class ChangeScheduleHandler implements ICommandHandler<ChangeSchedule> {
  readonly #schedules: Schedules;
  readonly #definitions: Scheduling;
  readonly #clock: Clock;

  constructor(
    @Inject(SCHEDULES) schedules: Schedules,
    @Inject(DEFINITIONS) definitions: Scheduling,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#schedules = schedules;
    this.#definitions = definitions;
    this.#clock = clock;
  }

  async execute({ workflow, change, caller }: ChangeSchedule): Promise<Accepted> {
    const changed = this.#schedules.change(
      workflow,
      (state) => {
        const isScheduled = this.#definitions.scheduled(workflow) !== undefined;
        // One that was paused is resumed whatever has become of the workflow meanwhile.
        if (!isScheduled && !state.isPaused) throw notFound(workflow);
        return decideSchedule(state, workflow, change, this.#clock.now());
      },
      caller,
    );
    const { position } = await patiently(this.#clock, changed);
    return { position };
  }
}

const notFound = (workflow: string): Rejection =>
  new Rejection(
    'SCHEDULE_NOT_FOUND',
    `Expected the name of a workflow that a schedule starts, but "${workflow}" is not started by one.`,
    { field: 'workflow', found: workflow },
  );
