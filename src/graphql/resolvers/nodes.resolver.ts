import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Query, Subscription } from '@nestjs/graphql';
import type { NodeStatus } from '../../ports/nodes.ts';
import { GetNodes } from '../../queries/queries.ts';
import { FigureFeeds } from '../feed/figure-feeds.ts';
import type { Source } from '../feed/source.ts';
import { NodeModel } from '../models/node.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** Who runs what. */
@ApiResolver(() => NodeModel)
export class NodesResolver {
  readonly #queries: QueryBus;
  readonly #feeds: FigureFeeds;

  constructor(@Inject(QueryBus) queries: QueryBus, @Inject(FigureFeeds) feeds: FigureFeeds) {
    this.#queries = queries;
    this.#feeds = feeds;
  }

  @Query(() => [NodeModel], {
    description: 'Every server that shares the log and is alive as far as its leases say, by name.',
  })
  nodes(): Promise<readonly NodeStatus[]> {
    return this.#queries.execute(new GetNodes());
  }

  @Subscription(() => [NodeModel], {
    name: 'nodes',
    resolve: (nodes: readonly NodeStatus[]) => nodes,
    description:
      'The same, and again whenever one has come, gone, or taken or given up partitions or views; a lease that is renewed is no change. The last value, with no history: there is nothing to resume.',
  })
  watchNodes(): Promise<Source<readonly NodeStatus[]>> {
    return this.#feeds.nodes();
  }
}
