import { Inject } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Args, Context, Mutation, Parent, Query, ResolveField } from '@nestjs/graphql';
import { ChangeSchedule, type Accepted } from '../../commands/commands.ts';
import { GetSchedule } from '../../queries/queries.ts';
import type { GraphqlContext } from '../context.ts';
import { ScheduleArgs } from '../inputs/schedule.args.ts';
import { WorkflowChangeArgs } from '../inputs/workflow.args.ts';
import { AcceptedModel } from '../models/accepted.model.ts';
import {
  scheduleFrom,
  ScheduleModel,
  SchedulePauseModel,
  type SchedulePauseParent,
} from '../models/schedule.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** Schedules of workflows, and pausing them. */
@ApiResolver(() => SchedulePauseModel)
export class SchedulesResolver {
  readonly #queries: QueryBus;
  readonly #commands: CommandBus;

  constructor(@Inject(QueryBus) queries: QueryBus, @Inject(CommandBus) commands: CommandBus) {
    this.#queries = queries;
    this.#commands = commands;
  }

  @Query(() => ScheduleModel, {
    nullable: true,
    description: 'The schedule of a workflow; null when it has none, or nothing starts it any more.',
  })
  async schedule(
    @Args({ type: () => ScheduleArgs }) { workflow, runs, waitFor }: ScheduleArgs,
  ): Promise<ScheduleModel | null> {
    const found = await this.#queries.execute(new GetSchedule(workflow, runs, waitFor ?? undefined));
    return found === undefined ? null : scheduleFrom(found);
  }

  @ResolveField(() => String, { description: 'Id of whoever paused it, read from the log.' })
  by(@Parent() pause: SchedulePauseParent, @Context() { authors }: GraphqlContext): Promise<string | null> {
    return authors.load(pause);
  }

  @ResolveField(() => String, { description: 'Why, as it was given, read from the log.' })
  async reason(
    @Parent() pause: SchedulePauseParent,
    @Context() { payloads }: GraphqlContext,
  ): Promise<unknown> {
    return (await payloads.load(pause))?.['reason'];
  }

  @Mutation(() => AcceptedModel, {
    description:
      'Lets the schedule of a workflow start nothing until it is resumed. Fails with SCHEDULE_NOT_FOUND when it has none.',
  })
  pauseSchedule(
    @Args({ type: () => WorkflowChangeArgs }) { workflow, reason }: WorkflowChangeArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<Accepted> {
    return this.#commands.execute(
      new ChangeSchedule(workflow, { type: 'pause', reason: reason ?? '' }, caller),
    );
  }

  @Mutation(() => AcceptedModel, {
    description: 'Lets a schedule go on. Times that came while it was paused are not made up for.',
  })
  resumeSchedule(
    @Args({ type: () => WorkflowChangeArgs }) { workflow, reason }: WorkflowChangeArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<Accepted> {
    return this.#commands.execute(
      new ChangeSchedule(workflow, { type: 'resume', reason: reason ?? '' }, caller),
    );
  }
}
