import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { ScheduleStatus } from '../../queries/queries.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { CatchUps, Overlaps } from './enums.ts';

/** A run that a schedule has started. */
@ObjectType('ScheduledRun', { description: 'A run that a schedule has started.' })
export class ScheduledRunModel {
  @Field(() => DateTime, { description: 'The time that it was started for.' })
  readonly dueAt!: number;

  @Field(() => DateTime, { description: 'When that was decided.' })
  readonly at!: number;

  @Field(() => ID, { description: 'Its execution.' })
  readonly executionId!: string;
}

/** That a schedule is paused. */
@ObjectType('SchedulePause', {
  description: 'That nothing is started by a schedule, and whose decision that is.',
})
export class SchedulePauseModel {
  @Field(() => DateTime, { description: 'Since when.' })
  readonly at!: number;
}

/** A pause as its fields are resolved from. */
export type SchedulePauseParent = SchedulePauseModel & { readonly stream: string; readonly revision: number };

/** When a workflow is started by itself. */
@ObjectType('Schedule', { description: 'When a workflow is started by itself.' })
export class ScheduleModel {
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @Field(() => String, { description: 'Its cron expression.' })
  readonly cron!: string;

  @Field(() => String, { description: 'The IANA time zone that the expression is about.' })
  readonly timeZone!: string;

  @Field(() => Overlaps, { description: 'What becomes of a time that comes while the run before goes on.' })
  readonly overlap!: 'skip' | 'queue' | 'allow';

  @Field(() => CatchUps, { description: 'Which times are made up for that came while no server was there.' })
  readonly catchUp!: 'none' | 'last' | 'all';

  @Field(() => [DateTime], { description: 'The times that come next; none while it is paused.' })
  readonly nextRuns!: readonly number[];

  @Field(() => ScheduledRunModel, { nullable: true, description: 'The last run; null before the first.' })
  readonly lastRun!: ScheduledRunModel | null;

  @Field(() => Int, { description: 'How many times wait for the run before to end.' })
  readonly waiting!: number;

  @Field(() => SchedulePauseModel, { nullable: true, description: 'Null unless it is paused.' })
  readonly pause!: SchedulePauseModel | null;

  @Field(() => Position, {
    nullable: true,
    description: 'Position of the latest event that this answer reflects; null when there is none yet.',
  })
  readonly position!: bigint | null;
}

/** What fields of a schedule are resolved from. */
export const scheduleFrom = ({ scheduled, nextRuns, document }: ScheduleStatus): ScheduleModel => {
  const { workflow, schedule } = scheduled;
  const { cron, timeZone, overlap, catchUp } = schedule;
  const last = document?.doc.last ?? null;
  const pause = document?.doc.pause ?? null;
  const parent = pause === null || document === undefined ? null : { ...pause, stream: document.doc.stream };
  return {
    workflow,
    cron,
    timeZone,
    overlap,
    catchUp,
    nextRuns,
    lastRun: last === null ? null : { dueAt: last.dueAt, at: last.at, executionId: last.execution },
    waiting: document?.doc.waiting ?? 0,
    pause: parent satisfies SchedulePauseParent | null,
    position: document?.position ?? null,
  };
};
