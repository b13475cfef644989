import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { RebuildProjection, type RebuiltProjection } from '../commands/commands.ts';
import { PROJECTOR } from '../ports/tokens.ts';
import type { Projector } from '../projections/projector.ts';

/** Has the projector rebuild a projection. */
@CommandHandler(RebuildProjection)
export class RebuildProjectionHandler implements ICommandHandler<RebuildProjection> {
  readonly #projector: Projector;

  constructor(@Inject(PROJECTOR) projector: Projector) {
    this.#projector = projector;
  }

  async execute({ projection }: RebuildProjection): Promise<RebuiltProjection> {
    return { projection, ...(await this.#projector.rebuild(projection)) };
  }
}
