import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { Monitoring } from '../../queries/queries.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { Loads } from './enums.ts';
import { Duration } from '../scalars/duration.scalar.ts';

/** A span of time. */
@ObjectType('TimeSpan', { description: 'A span of time: from its beginning up to before its end.' })
export class TimeSpanModel {
  @Field(() => DateTime, { description: 'Its beginning.' })
  readonly from!: number;

  @Field(() => DateTime, { description: 'Its end.' })
  readonly to!: number;
}

/** Executions that have not ended. */
@ObjectType('ActiveExecutions', { description: 'Executions that have not ended, by their status.' })
export class ActiveExecutionsModel {
  @Field(() => Int, {
    description: 'Those that wait until fewer of their workflow go on than may.',
  })
  readonly queued!: number;

  @Field(() => Int, { description: 'Those whose steps are being carried out.' })
  readonly running!: number;

  @Field(() => Int, { description: 'Those that are being undone.' })
  readonly compensating!: number;

  @Field(() => Int, { description: 'Those that are paused, whatever they were about.' })
  readonly paused!: number;
}

/** How busy a workflow is. */
@ObjectType('WorkflowActivity', { description: 'How many executions of a workflow have not ended.' })
export class WorkflowActivityModel extends ActiveExecutionsModel {
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @Field(() => Int, { description: 'All of them together.' })
  readonly active!: number;
}

/** How busy the server is. */
@ObjectType('Monitoring', { description: 'How busy the server is, and what today has brought.' })
export class MonitoringModel {
  @Field(() => String, {
    nullable: true,
    description: 'The workflow that is counted; null for all together.',
  })
  readonly workflow!: string | undefined;

  @Field(() => Int, { description: 'Executions that have not ended.' })
  readonly activeWorkflows!: number;

  @Field(() => ActiveExecutionsModel, { description: 'The same by their status.' })
  readonly activeByStatus!: ActiveExecutionsModel;

  @Field(() => Int, { description: 'Executions that completed today.' })
  readonly completedToday!: number;

  @Field(() => Int, { description: 'Executions that failed today.' })
  readonly failedToday!: number;

  @Field(() => Int, { description: 'Executions that were cancelled today.' })
  readonly cancelledToday!: number;

  @Field(() => Int, { description: 'Executions that were undone today.' })
  readonly compensatedToday!: number;

  @Field(() => Duration, {
    nullable: true,
    description: 'How long those that completed today took on average; null when none did.',
  })
  readonly averageDuration!: number | undefined;

  @Field(() => Loads, {
    nullable: true,
    description:
      'Low below a half, high from four fifths on: of how many executions of the workflow may go on at once, where its definition limits that, and else of the 10,000 that a node is made for. Null for a workflow as of a moment, whose definition may have limited that otherwise.',
  })
  readonly currentLoad!: Monitoring['currentLoad'];

  @Field(() => TimeSpanModel, { description: 'What is today in the time zone.' })
  readonly today!: TimeSpanModel;

  @Field(() => Position, { description: 'Position of the latest event that was counted.' })
  readonly position!: bigint;
}
