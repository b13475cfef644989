import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { ExecutionStatus } from '../../domain/execution/events.ts';
import { AcceptedModel } from './accepted.model.ts';
import { ExecutionStatuses } from './enums.ts';

/** How many executions have a status. */
@ObjectType('BulkStatus', { description: 'How many of the executions had a status.' })
export class BulkStatusModel {
  @Field(() => ExecutionStatuses, { description: 'The status, as the view had it.' })
  readonly status!: ExecutionStatus;

  @Field(() => Int, { description: 'How many.' })
  readonly count!: number;
}

/** Executions that refused what was to be done to them. */
@ObjectType('BulkRefusal', { description: 'Executions for which it was refused, for one reason.' })
export class BulkRefusalModel {
  @Field(() => String, { description: 'Code of the refusal.' })
  readonly code!: string;

  @Field(() => String, { description: 'What the first of them was told.' })
  readonly message!: string;

  @Field(() => Int, { description: 'How many.' })
  readonly count!: number;

  @Field(() => [ID], { description: 'The first twenty of them.' })
  readonly executionIds!: readonly string[];
}

/** What a bulk operation came to, as far as it is. */
@ObjectType('BulkProgress', {
  description: 'What one call of a bulk operation came to; the sums of all its calls are its progress.',
})
export class BulkProgressModel extends AcceptedModel {
  @Field(() => Boolean, { description: 'Whether they were only counted.' })
  readonly dryRun!: boolean;

  @Field(() => Int, { description: 'Executions that this call met.' })
  readonly matched!: number;

  @Field(() => [BulkStatusModel], { description: 'How they stood when they were met, as the view had it.' })
  readonly statuses!: readonly BulkStatusModel[];

  @Field(() => Int, { description: 'Those for which it was stored.' })
  readonly changed!: number;

  @Field(() => Int, { description: 'Those for which it was so before.' })
  readonly unchanged!: number;

  @Field(() => [BulkRefusalModel], { description: 'Those for which it was refused, by code.' })
  readonly refused!: readonly BulkRefusalModel[];

  @Field(() => String, {
    nullable: true,
    description: 'Where the next call goes on, as `after`; null when none was met.',
  })
  readonly endCursor!: string | undefined;

  @Field(() => Boolean, { description: 'Whether there are more behind them.' })
  readonly hasMore!: boolean;
}
