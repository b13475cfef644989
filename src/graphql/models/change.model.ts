import { Field, ObjectType } from '@nestjs/graphql';
import type { Lag } from '../feed/cursor.ts';
import { Position } from '../scalars/position.scalar.ts';
import { ExecutionModel, type ExecutionParent } from './execution.model.ts';
import { LagModel } from './lag.model.ts';
import { TimelineEntryModel, type TimelineParent } from './timeline-entry.model.ts';

/** What every change of a view tells. */
@ObjectType({ isAbstract: true })
class ChangeModel {
  @Field(() => Position, {
    description: 'What a client that comes back gives as `after` to have what follows.',
  })
  readonly cursor!: bigint;

  @Field(() => LagModel, {
    nullable: true,
    description: 'Set while the client is so slow that it is more than 1,000 events behind; null otherwise.',
  })
  readonly lagging?: Lag | null;
}

/** An execution that has changed. */
@ObjectType('ExecutionChange', { description: 'An execution that has begun, gone on or ended.' })
export class ExecutionChangeModel extends ChangeModel {
  @Field(() => ExecutionModel, { description: 'The execution, as it was then or later.' })
  readonly execution!: ExecutionParent;
}

/** An entry of a timeline that has changed. */
@ObjectType('TimelineChange', { description: 'An entry of a timeline that is new or has changed.' })
export class TimelineChangeModel extends ChangeModel {
  @Field(() => TimelineEntryModel, { description: 'The entry, as it was then or later.' })
  readonly entry!: TimelineParent;
}
