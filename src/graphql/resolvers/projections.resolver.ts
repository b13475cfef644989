import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Query } from '@nestjs/graphql';
import type { ProjectionStatus } from '../../projections/projector.ts';
import { GetProjections } from '../../queries/queries.ts';
import { ProjectionModel } from '../models/projection.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** How the views fare. */
@ApiResolver(() => ProjectionModel)
export class ProjectionsResolver {
  readonly #queries: QueryBus;

  constructor(@Inject(QueryBus) queries: QueryBus) {
    this.#queries = queries;
  }

  @Query(() => [ProjectionModel], {
    description: 'Every view that is folded from the log, and how far it is.',
  })
  projections(): Promise<readonly ProjectionStatus[]> {
    return this.#queries.execute(new GetProjections());
  }
}
