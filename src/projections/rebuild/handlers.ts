import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { START } from '../../ports/event-log.ts';
import { PROJECTOR } from '../../ports/tokens.ts';
import { least } from '../later-pass.ts';
import type { Projector, RebuildOutcome } from '../projector.ts';
import {
  ControlRebuild,
  RebuildProjection,
  RebuildProjections,
  RetryProjection,
  RollbackProjection,
  type RebuiltProjection,
  type RebuiltTogether,
} from './commands.ts';

/** Has the projector rebuild a projection. */
@CommandHandler(RebuildProjection)
export class RebuildProjectionHandler implements ICommandHandler<RebuildProjection> {
  readonly #projector: Projector;

  constructor(@Inject(PROJECTOR) projector: Projector) {
    this.#projector = projector;
  }

  async execute({ projection, options }: RebuildProjection): Promise<RebuiltProjection> {
    return { projection, ...(await this.#projector.rebuild(projection, options)) };
  }
}

/** Has the projector rebuild several projections. */
@CommandHandler(RebuildProjections)
export class RebuildProjectionsHandler implements ICommandHandler<RebuildProjections> {
  readonly #projector: Projector;

  constructor(@Inject(PROJECTOR) projector: Projector) {
    this.#projector = projector;
  }

  async execute({ projections, options }: RebuildProjections): Promise<RebuiltTogether> {
    const outcomes = await this.#projector.rebuildAll(projections, options);
    const rebuilt = outcomes.flatMap((outcome) => outcome.rebuilt?.position ?? []);
    return { position: least(rebuilt) ?? least(await this.#standing(outcomes)) ?? START, outcomes };
  }

  async #standing(outcomes: readonly RebuildOutcome[]): Promise<readonly bigint[]> {
    const names = new Set(outcomes.map(({ name }) => name));
    return (await this.#projector.status()).flatMap(({ name, position }) =>
      names.has(name) ? position : [],
    );
  }
}

/** Has the projector bring documents of before back. */
@CommandHandler(RollbackProjection)
export class RollbackProjectionHandler implements ICommandHandler<RollbackProjection> {
  readonly #projector: Projector;

  constructor(@Inject(PROJECTOR) projector: Projector) {
    this.#projector = projector;
  }

  async execute({ projection }: RollbackProjection): Promise<RebuiltProjection> {
    return { projection, ...(await this.#projector.rollback(projection)) };
  }
}

/** Has the projector let a projection go on. */
@CommandHandler(RetryProjection)
export class RetryProjectionHandler implements ICommandHandler<RetryProjection> {
  readonly #projector: Projector;

  constructor(@Inject(PROJECTOR) projector: Projector) {
    this.#projector = projector;
  }

  async execute({ projection }: RetryProjection): Promise<RebuiltProjection> {
    return { projection, ...(await this.#projector.retry(projection)) };
  }
}

/** Has the projector hold up a rebuild, go on with it, or end it. */
@CommandHandler(ControlRebuild)
export class ControlRebuildHandler implements ICommandHandler<ControlRebuild> {
  readonly #projector: Projector;

  constructor(@Inject(PROJECTOR) projector: Projector) {
    this.#projector = projector;
  }

  async execute({ projection, what }: ControlRebuild): Promise<{ readonly position: bigint }> {
    await this.#projector.control(projection, what);
    const status = (await this.#projector.status()).find(({ name }) => name === projection);
    return { position: status?.position ?? START };
  }
}

/** What carries out commands about rebuilds. */
export const REBUILD_HANDLERS = [
  RebuildProjectionHandler,
  RebuildProjectionsHandler,
  RollbackProjectionHandler,
  RetryProjectionHandler,
  ControlRebuildHandler,
];
