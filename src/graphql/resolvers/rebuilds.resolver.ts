import { Inject } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Args, Context, Mutation, Subscription } from '@nestjs/graphql';
import { ParkEvent } from '../../commands/commands.ts';
import type { RebuildControl, RebuildStatus } from '../../projections/projector.ts';
import {
  ControlRebuild,
  RebuildProjection,
  RebuildProjections,
  RetryProjection,
  RollbackProjection,
  type RebuiltProjection,
} from '../../projections/rebuild/commands.ts';
import type { GraphqlContext } from '../context.ts';
import { ProjectionFeeds } from '../feed/projection-feeds.ts';
import type { Source } from '../feed/source.ts';
import {
  ParkEventArgs,
  ProjectionArgs,
  ProjectionIfAnyArgs,
  RebuildProjectionArgs,
  RebuildProjectionsArgs,
} from '../inputs/rebuild.args.ts';
import { AcceptedModel } from '../models/accepted.model.ts';
import { RebuiltProjectionsModel } from '../models/rebuild-outcome.model.ts';
import { RebuildProgressModel, RebuiltProjectionModel } from '../models/rebuild.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** A rebuild under way, and whose. */
export interface RebuildProgress extends RebuildStatus {
  readonly projection: string;
  readonly rate: number;
}

/** How views are folded anew, compared, and brought back. */
@ApiResolver()
export class RebuildsResolver {
  readonly #commands: CommandBus;
  readonly #feeds: ProjectionFeeds;

  constructor(@Inject(CommandBus) commands: CommandBus, @Inject(ProjectionFeeds) feeds: ProjectionFeeds) {
    this.#commands = commands;
    this.#feeds = feeds;
  }

  @Mutation(() => RebuiltProjectionModel, {
    description:
      'Folds a projection anew from the whole log beside the live one, compares, swaps unless it is a dry run, and answers then.',
  })
  async rebuildProjection(
    @Args({ type: () => RebuildProjectionArgs }) { name, ...options }: RebuildProjectionArgs,
    @Context() { reads, caller }: GraphqlContext,
  ): Promise<RebuiltProjection> {
    if (!options.dryRun) await reads.command(name, caller);
    return this.#commands.execute(new RebuildProjection(name, options));
  }

  @Mutation(() => RebuiltProjectionsModel, {
    description: 'Does so with several projections, or all, in one pass over the log.',
  })
  async rebuildProjections(
    @Args({ type: () => RebuildProjectionsArgs }) { names, ...options }: RebuildProjectionsArgs,
    @Context() { reads, caller }: GraphqlContext,
  ): Promise<RebuiltProjectionsModel> {
    if (!options.dryRun) await reads.command(names?.join(', ') ?? '', caller);
    const { position, outcomes } = await this.#commands.execute(
      new RebuildProjections(names ?? undefined, options),
    );
    return {
      position,
      outcomes: outcomes.map(({ name, rebuilt, error }) => ({
        projection: name,
        rebuilt: rebuilt === null ? null : { projection: name, ...rebuilt },
        error,
      })),
    };
  }

  @Mutation(() => RebuiltProjectionModel, {
    description:
      'Brings the documents back that were live before the last rebuild: folds them on, swaps, and answers then.',
  })
  async rollbackProjection(
    @Args({ type: () => ProjectionArgs }) { name }: ProjectionArgs,
    @Context() { reads, caller }: GraphqlContext,
  ): Promise<RebuiltProjection> {
    await reads.command(name, caller);
    return this.#commands.execute(new RollbackProjection(name));
  }

  @Mutation(() => RebuiltProjectionModel, {
    description:
      'Lets a projection go on that has stopped, from where it is; answers when it is up with the others. Fails with PROJECTION_FAILED when it stops again, at that event or at another.',
  })
  async retryProjection(
    @Args({ type: () => ProjectionArgs }) { name }: ProjectionArgs,
    @Context() { reads, caller }: GraphqlContext,
  ): Promise<RebuiltProjection> {
    await reads.command(name, caller);
    return this.#commands.execute(new RetryProjection(name));
  }

  @Mutation(() => AcceptedModel, {
    description:
      'Lets a projection go past the event that it has stopped at, from now on and in every rebuild: it is folded where it can be, and passed over otherwise. Answers when the projection is up with the others. Fails with PROJECTION_NOT_STOPPED when it has not stopped, or at another event, and with PROJECTION_FAILED when the event is parked and it stops at another one.',
  })
  parkEvent(
    @Args({ type: () => ParkEventArgs }) { name, eventId, reason }: ParkEventArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<AcceptedModel> {
    return this.#commands.execute(new ParkEvent(name, eventId, reason ?? '', caller));
  }

  @Mutation(() => AcceptedModel, {
    description:
      'Holds up the pass that a projection is rebuilt in, also beyond a restart; answers when it stands.',
  })
  pauseRebuild(
    @Args({ type: () => ProjectionArgs }) { name }: ProjectionArgs,
    @Context() context: GraphqlContext,
  ): Promise<AcceptedModel> {
    return this.#control(name, 'pause', context);
  }

  @Mutation(() => AcceptedModel, { description: 'Lets a rebuild go on that was held up.' })
  resumeRebuild(
    @Args({ type: () => ProjectionArgs }) { name }: ProjectionArgs,
    @Context() context: GraphqlContext,
  ): Promise<AcceptedModel> {
    return this.#control(name, 'resume', context);
  }

  @Mutation(() => AcceptedModel, {
    description: 'Ends the pass that a projection is rebuilt in; the live documents stay.',
  })
  cancelRebuild(
    @Args({ type: () => ProjectionArgs }) { name }: ProjectionArgs,
    @Context() context: GraphqlContext,
  ): Promise<AcceptedModel> {
    return this.#control(name, 'cancel', context);
  }

  @Subscription(() => [RebuildProgressModel], {
    resolve: (progress: readonly RebuildProgress[]) => progress,
    description:
      'The rebuilds that are under way, and again whenever they got further; none when all are over. The last value, with no history: there is nothing to resume.',
  })
  rebuildProgress(
    @Args({ type: () => ProjectionIfAnyArgs }) { name }: ProjectionIfAnyArgs,
  ): Promise<Source<readonly RebuildProgress[]>> {
    return this.#feeds.open((all) =>
      all.flatMap(({ name: projection, rate, rebuild }) =>
        rebuild === null || (name ?? projection) !== projection ? [] : [{ ...rebuild, projection, rate }],
      ),
    );
  }

  /** No event tells of it, so who it was is on record before. */
  async #control(
    name: string,
    what: RebuildControl,
    { reads, caller }: GraphqlContext,
  ): Promise<AcceptedModel> {
    await reads.command(name, caller);
    return this.#commands.execute(new ControlRebuild(name, what));
  }
}
