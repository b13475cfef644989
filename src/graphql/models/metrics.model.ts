import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { TimeSpanModel } from './monitoring.model.ts';

/** How long something took. */
@ObjectType('ExecutionTime', { description: 'Milliseconds; null when nothing was measured.' })
export class ExecutionTimeModel {
  @Field(() => Float, { nullable: true, description: 'The mean, exact.' })
  readonly avg!: number | undefined;

  @Field(() => Float, { nullable: true, description: 'The least, exact.' })
  readonly min!: number | undefined;

  @Field(() => Float, { nullable: true, description: 'The most, exact.' })
  readonly max!: number | undefined;

  @Field(() => Float, {
    description: 'The most that a quantile is away from the exact one, as a share of it: 0.01 is 1 %.',
  })
  readonly relativeError!: number;
}

/** One of the slowest. */
@ObjectType('Exemplar', { description: 'An execution to look at for what is behind the slow end.' })
export class ExemplarModel {
  @Field(() => ID, { description: 'The execution.' })
  readonly executionId!: string;

  @Field(() => Int, { description: 'Revision of the event that ended what was measured.' })
  readonly revision!: number;

  @Field(() => Float, { description: 'Milliseconds that it took.' })
  readonly duration!: number;

  @Field(() => Boolean, { description: 'Whether it failed.' })
  readonly failed!: boolean;
}

/** How long things took and how they ended. */
@ObjectType('Metrics', {
  description:
    "How long a workflow's executions, or an activity's attempts in them, took and how they ended.",
})
export class MetricsModel {
  @Field(() => ExecutionTimeModel, { description: 'How long they took.' })
  readonly executionTime!: ExecutionTimeModel;

  @Field(() => Int, { description: 'How many ended in the window, without those that were cancelled.' })
  readonly count!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Percent of them that succeeded; null when there are none.',
  })
  readonly successRate!: number | undefined;

  @Field(() => Float, {
    nullable: true,
    description: 'Percent of them that failed; null when there are none.',
  })
  readonly errorRate!: number | undefined;

  @Field(() => Float, {
    description: 'How many ended a minute, over the part of the window that has passed.',
  })
  readonly throughput!: number;

  @Field(() => TimeSpanModel, { description: 'The time span that was measured: whole quarters of an hour.' })
  readonly window!: TimeSpanModel;

  @Field(() => [ExemplarModel], { description: 'The slowest of them.' })
  readonly slowest!: readonly ExemplarModel[];
}
