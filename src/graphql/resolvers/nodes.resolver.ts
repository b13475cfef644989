import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Query } from '@nestjs/graphql';
import type { NodeStatus } from '../../ports/nodes.ts';
import { GetNodes } from '../../queries/queries.ts';
import { NodeModel } from '../models/node.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** Who runs what. */
@ApiResolver(() => NodeModel)
export class NodesResolver {
  readonly #queries: QueryBus;

  constructor(@Inject(QueryBus) queries: QueryBus) {
    this.#queries = queries;
  }

  @Query(() => [NodeModel], {
    description: 'Every server that shares the log and is alive as far as its leases say, by name.',
  })
  nodes(): Promise<readonly NodeStatus[]> {
    return this.#queries.execute(new GetNodes());
  }
}
