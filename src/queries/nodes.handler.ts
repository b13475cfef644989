import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Nodes, NodeStatus } from '../ports/nodes.ts';
import { NODES } from '../ports/tokens.ts';
import { GetNodes } from './queries.ts';

/** Answers with every node that is alive, as the leases in the log say. */
@QueryHandler(GetNodes)
export class GetNodesHandler implements IQueryHandler<GetNodes> {
  readonly #nodes: Nodes;

  constructor(@Inject(NODES) nodes: Nodes) {
    this.#nodes = nodes;
  }

  execute(): Promise<readonly NodeStatus[]> {
    return Promise.resolve(this.#nodes.list());
  }
}
