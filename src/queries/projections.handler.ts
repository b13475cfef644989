import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { PROJECTOR } from '../ports/tokens.ts';
import type { ProjectionStatus, Projector } from '../projections/projector.ts';
import { GetProjections } from './queries.ts';

/** Answers with the state of every projection. */
@QueryHandler(GetProjections)
export class GetProjectionsHandler implements IQueryHandler<GetProjections> {
  readonly #projector: Projector;

  constructor(@Inject(PROJECTOR) projector: Projector) {
    this.#projector = projector;
  }

  execute(): Promise<readonly ProjectionStatus[]> {
    return this.#projector.status();
  }
}
