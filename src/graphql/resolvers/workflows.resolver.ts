import { Inject } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Args, Context, Mutation, Parent, Query, ResolveField } from '@nestjs/graphql';
import { RegisterWorkflow, type RegisteredWorkflow } from '../../commands/commands.ts';
import { GetVersions } from '../../queries/each-queries.ts';
import { CheckDefinition, GetWorkflow, GetWorkflows } from '../../queries/queries.ts';
import type { GraphqlContext } from '../context.ts';
import { eachLoaders, wantedBy } from '../each-loader.ts';
import { RegisterWorkflowArgs } from '../inputs/command.args.ts';
import { CheckDefinitionArgs, ListArgs, PageArgs, pageRequest, WorkflowArgs } from '../inputs/query.args.ts';
import { RegisteredWorkflowModel } from '../models/accepted.model.ts';
import { connectionFrom, type ConnectionOf } from '../models/connection.ts';
import { DefinitionCheckModel } from '../models/definition-check.model.ts';
import { VersionConnection, versionFrom, type VersionParent } from '../models/version.model.ts';
import {
  WorkflowConnection,
  workflowFrom,
  WorkflowModel,
  type WorkflowParent,
} from '../models/workflow.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** Workflows: what is registered, and registering. */
@ApiResolver(() => WorkflowModel)
export class WorkflowsResolver {
  readonly #queries: QueryBus;
  readonly #commands: CommandBus;
  readonly #versionsOf = eachLoaders((names, { page }) =>
    this.#queries.execute(new GetVersions(names, page)),
  );

  constructor(@Inject(QueryBus) queries: QueryBus, @Inject(CommandBus) commands: CommandBus) {
    this.#queries = queries;
    this.#commands = commands;
  }

  @Query(() => WorkflowConnection, { description: 'The registered workflows by name.' })
  async workflows(
    @Args({ type: () => PageArgs }) args: PageArgs,
    @Context() { scope }: GraphqlContext,
  ): Promise<ConnectionOf<WorkflowParent>> {
    const query = new GetWorkflows(pageRequest(args), args.waitFor ?? undefined);
    const page = await this.#queries.execute(query.within(scope));
    return connectionFrom(page, args, workflowFrom);
  }

  @Query(() => WorkflowModel, {
    nullable: true,
    description: 'A workflow; null when there is none of that name.',
  })
  async workflow(
    @Args({ type: () => WorkflowArgs }) { name, waitFor }: WorkflowArgs,
  ): Promise<WorkflowParent | null> {
    const found = await this.#queries.execute(new GetWorkflow(name, waitFor ?? undefined));
    return found === undefined ? null : workflowFrom(found);
  }

  @Query(() => DefinitionCheckModel, {
    description:
      'Checks a definition as `registerWorkflow` does, and stores nothing: all problems, or what it would be.',
  })
  async checkDefinition(
    @Args({ type: () => CheckDefinitionArgs }) { source, waitFor }: CheckDefinitionArgs,
  ): Promise<DefinitionCheckModel> {
    const checked = await this.#queries.execute(new CheckDefinition(source, waitFor ?? undefined));
    return { ...checked, ok: checked.version !== undefined, version: checked.version ?? null };
  }

  @ResolveField(() => String, { description: 'The latest definition as it was written, read from the log.' })
  async source(
    @Parent() { stream, revision }: WorkflowParent,
    @Context() { payloads }: GraphqlContext,
  ): Promise<unknown> {
    return (await payloads.load({ stream, revision }))?.['source'];
  }

  @ResolveField(() => VersionConnection, { description: 'Its versions, the latest first.' })
  async versions(
    @Parent() workflow: WorkflowParent,
    @Args({ type: () => ListArgs }) args: ListArgs,
    @Context() context: GraphqlContext,
  ): Promise<ConnectionOf<VersionParent>> {
    const page = await this.#versionsOf(context).load({ id: workflow.name, wanted: wantedBy(args) });
    return connectionFrom(page, args, versionFrom(workflow));
  }

  @Mutation(() => RegisteredWorkflowModel, {
    description:
      'Registers a definition; the latest one again changes nothing. A bad one fails with INVALID_DEFINITION and every problem.',
  })
  registerWorkflow(
    @Args({ type: () => RegisterWorkflowArgs }) { source }: RegisterWorkflowArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<RegisteredWorkflow> {
    return this.#commands.execute(new RegisterWorkflow(source, caller));
  }
}
