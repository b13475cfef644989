import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import type { Monitoring } from '../../queries/queries.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { Loads } from './enums.ts';

/** A span of time. */
@ObjectType('TimeSpan', { description: 'A span of time: from its beginning up to before its end.' })
export class TimeSpanModel {
  @Field(() => DateTime, { description: 'Its beginning.' })
  readonly from!: number;

  @Field(() => DateTime, { description: 'Its end.' })
  readonly to!: number;
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

  @Field(() => Int, { description: 'Executions that completed today.' })
  readonly completedToday!: number;

  @Field(() => Int, { description: 'Executions that failed today.' })
  readonly failedToday!: number;

  @Field(() => Int, { description: 'Executions that were cancelled today.' })
  readonly cancelledToday!: number;

  @Field(() => Int, { description: 'Executions that were undone today.' })
  readonly compensatedToday!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Milliseconds that those that completed today took on average; null when none did.',
  })
  readonly averageDuration!: number | undefined;

  @Field(() => Loads, {
    description:
      'Low below a half, high from four fifths on: of how many executions of the workflow may go on at once, where its definition limits that, and else of the 10,000 that a node is made for.',
  })
  readonly currentLoad!: Monitoring['currentLoad'];

  @Field(() => TimeSpanModel, { description: 'What is today in the time zone.' })
  readonly today!: TimeSpanModel;

  @Field(() => Position, { description: 'Position of the latest event that was counted.' })
  readonly position!: bigint;
}
