import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import type { Gate } from '../../domain/execution/admission-events.ts';
import type { Metrics } from '../../queries/metrics-queries.ts';
import { Gates } from './enums.ts';
import { Position } from '../scalars/position.scalar.ts';
import { TimeSpanModel } from './monitoring.model.ts';
import { Duration } from '../scalars/duration.scalar.ts';

/** How long something took. */
@ObjectType('ExecutionTime', { description: 'How long something took; null when nothing was measured.' })
export class ExecutionTimeModel {
  @Field(() => Duration, { nullable: true, description: 'The mean, exact.' })
  readonly avg!: number | undefined;

  @Field(() => Duration, { nullable: true, description: 'The least, exact.' })
  readonly min!: number | undefined;

  @Field(() => Duration, { nullable: true, description: 'The most, exact.' })
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

  @Field(() => Duration, { description: 'How long it took.' })
  readonly duration!: number;

  @Field(() => Boolean, { description: 'Whether it failed.' })
  readonly failed!: boolean;
}

/** How many a gate did not let through. */
@ObjectType('RejectionCount', { description: 'How many were not let through by what limits them.' })
export class RejectionCountModel {
  @Field(() => Gates, { description: 'What did not let them through.' })
  readonly gate!: Gate;

  @Field(() => Int, { description: 'How many.' })
  readonly count!: number;
}

/** How long things took and how they ended. */
@ObjectType({ isAbstract: true })
abstract class TakenModel {
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

  @Field(() => [ExemplarModel], { description: 'The slowest of them.' })
  readonly slowest!: readonly ExemplarModel[];
}

/** The measures of a step. */
@ObjectType('StepMetrics', {
  description: "How long an activity's attempts at a step took and how they ended.",
})
export class StepMetricsModel extends TakenModel {
  @Field(() => String, {
    description: "The step's path, whichever turn of a loop it is in: `pay`, `each[].pay`.",
  })
  readonly step!: string;

  @Field(() => String, { description: 'The activity: of the step, of its fallback, or of what undoes it.' })
  readonly activity!: string;
}

/** The measures of a time span. */
@ObjectType('Metrics', {
  description:
    "How long a workflow's executions, or an activity's attempts in them, took and how they ended.",
})
export class MetricsModel extends TakenModel {
  @Field(() => Float, {
    description: 'How many ended a minute, over the part of the window that has passed.',
  })
  readonly throughput!: number;

  @Field(() => TimeSpanModel, { description: 'The time span that was measured: whole quarters of an hour.' })
  readonly window!: TimeSpanModel;

  @Field(() => Int, { description: 'Attempts that failed and are made again; 0 for whole executions.' })
  readonly retries!: number;

  @Field(() => Int, {
    description: 'Executions that had failed and were retried by hand; 0 for activities.',
  })
  readonly reopened!: number;

  @Field(() => Int, {
    description:
      "How often calls of the workflow opened the activity's circuit breaker, also once more after one that it let through; whatever the version.",
  })
  readonly breakerOpenings!: number;

  @Field(() => [RejectionCountModel], { description: 'What was not let through, the most first.' })
  readonly rejections!: readonly RejectionCountModel[];

  @Field(() => Int, { description: 'How many were queued and then went on.' })
  readonly waits!: number;

  @Field(() => ExecutionTimeModel, {
    description: 'For how long they were queued: for somebody to serve the activity, or for their turn.',
  })
  readonly waitTime!: ExecutionTimeModel;
}

/** Measures that have changed. */
@ObjectType('MetricsChange', { description: 'Measures as they are.' })
export class MetricsChangeModel {
  @Field(() => Position, {
    description:
      'Everything up to here is in them. What a client that comes back gives as `after` to have none that are older.',
  })
  readonly cursor!: bigint;

  @Field(() => MetricsModel, { description: 'The measures.' })
  readonly metrics!: Metrics;
}
