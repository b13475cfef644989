import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../scalars/date-time.scalar.ts';

/** A node as the leases tell it. */
@ObjectType('Node', { description: 'A server among those that share the log, and what it has leased.' })
export class NodeModel {
  @Field(() => String, { description: 'Its name; every commit that it writes carries it.' })
  readonly name!: string;

  @Field(() => Boolean, { description: 'Whether it is the one that answers.' })
  readonly self!: boolean;

  @Field(() => [Int], { description: 'The partitions whose executions it runs, ascending.' })
  readonly partitions!: readonly number[];

  @Field(() => Boolean, { description: 'Whether it folds the views that are shared.' })
  readonly folds!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the first of its leases ends unless it is renewed; null when it needs none.',
  })
  readonly leaseUntil!: number | undefined;
}
