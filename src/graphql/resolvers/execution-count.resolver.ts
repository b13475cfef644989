import { Parent, ResolveField } from '@nestjs/graphql';
import type { ExecutionCount } from '../../queries/executions/queries.ts';
import { ExecutionConnection } from '../models/execution.model.ts';
import { ApiResolver } from './api-resolver.ts';
import { BigIntText } from '../scalars/big-int.scalar.ts';

/** A page whose list is counted when somebody wants to know. */
export interface Counted {
  readonly count: () => Promise<ExecutionCount>;
}

/** How many executions a list has. */
@ApiResolver(() => ExecutionConnection)
export class ExecutionCountResolver {
  @ResolveField(() => BigIntText, {
    description:
      'How many there are on all pages, by counters: exact without a filter, with one by workflow and status, and with any that few executions meet; else the most that there can be.',
  })
  async totalCount(@Parent() { count }: Counted): Promise<number> {
    return (await count()).count;
  }

  @ResolveField(() => Boolean, { description: 'Whether `totalCount` is exact.' })
  async totalIsExact(@Parent() { count }: Counted): Promise<boolean> {
    return (await count()).isExact;
  }
}
