import { Args, Parent, ResolveField } from '@nestjs/graphql';
import type { Metrics } from '../../queries/metrics-queries.ts';
import { QuantileArgs } from '../inputs/metrics.args.ts';
import { ExecutionTimeModel } from '../models/metrics.model.ts';
import { ApiResolver } from './api-resolver.ts';
import { Duration } from '../scalars/duration.scalar.ts';

type Time = Metrics['executionTime'];

/** Quantiles, by the sketch that was merged for all of them. */
@ApiResolver(() => ExecutionTimeModel)
export class ExecutionTimeResolver {
  @ResolveField(() => Duration, { nullable: true, description: 'Half of them took at most so long.' })
  p50(@Parent() time: Time): number | undefined {
    return time.quantile(0.5);
  }

  @ResolveField(() => Duration, { nullable: true, description: '95 % took at most so long.' })
  p95(@Parent() time: Time): number | undefined {
    return time.quantile(0.95);
  }

  @ResolveField(() => Duration, { nullable: true, description: '99 % took at most so long.' })
  p99(@Parent() time: Time): number | undefined {
    return time.quantile(0.99);
  }

  @ResolveField(() => Duration, { nullable: true, description: 'A share `q` of them took at most so long.' })
  quantile(
    @Parent() time: Time,
    @Args({ type: () => QuantileArgs }) { q }: QuantileArgs,
  ): number | undefined {
    return time.quantile(q);
  }
}
