import { Inject } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Args, Context, Mutation, Parent, Query, ResolveField } from '@nestjs/graphql';
import {
  ChangeWorkflow,
  MigrateExecution,
  type Accepted,
  type MigratedExecution,
} from '../../commands/commands.ts';
import type { DefinitionDiff } from '../../domain/definition/diff/diff-definitions.ts';
import { DiffDefinitions } from '../../queries/queries.ts';
import type { GraphqlContext } from '../context.ts';
import { MigrateExecutionArgs } from '../inputs/operator.args.ts';
import { DiffDefinitionsArgs } from '../inputs/query.args.ts';
import { RetireWorkflowArgs, SetDefaultVersionArgs } from '../inputs/workflow.args.ts';
import { AcceptedModel, MigratedExecutionModel } from '../models/accepted.model.ts';
import { DefinitionDiffModel } from '../models/definition-diff.model.ts';
import { VersionModel, type VersionParent } from '../models/version.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** Versions of workflows, and which of them new executions run. */
@ApiResolver(() => VersionModel)
export class VersionsResolver {
  readonly #queries: QueryBus;
  readonly #commands: CommandBus;

  constructor(@Inject(QueryBus) queries: QueryBus, @Inject(CommandBus) commands: CommandBus) {
    this.#queries = queries;
    this.#commands = commands;
  }

  @Query(() => DefinitionDiffModel, {
    description:
      'What makes one version of a workflow another: which steps came, went, moved or are written otherwise, and what else.',
  })
  diffDefinitions(
    @Args({ type: () => DiffDefinitionsArgs }) { workflow, from, to }: DiffDefinitionsArgs,
  ): Promise<DefinitionDiff> {
    return this.#queries.execute(new DiffDefinitions(workflow, from, to));
  }

  @ResolveField(() => String, { description: 'Id of whoever registered it, read from the log.' })
  by(@Parent() version: VersionParent, @Context() { authors }: GraphqlContext): Promise<string | null> {
    return authors.load(version);
  }

  @ResolveField(() => String, { description: 'Its definition as it was written, read from the log.' })
  async source(@Parent() version: VersionParent, @Context() { payloads }: GraphqlContext): Promise<unknown> {
    return (await payloads.load(version))?.['source'];
  }

  @Mutation(() => AcceptedModel, {
    description:
      'Says which version new executions run unless they say otherwise, also when others are registered later; the latest without one.',
  })
  setDefaultVersion(
    @Args({ type: () => SetDefaultVersionArgs }) { workflow, version, reason }: SetDefaultVersionArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<Accepted> {
    const change = { type: 'set_default', number: version ?? undefined, reason: reason ?? '' } as const;
    return this.#commands.execute(new ChangeWorkflow(workflow, change, caller));
  }

  @Mutation(() => AcceptedModel, {
    description:
      'Sees to it that nothing starts a workflow, or one of its versions, any more. What runs goes on.',
  })
  retireWorkflow(
    @Args({ type: () => RetireWorkflowArgs }) { workflow, version, reason }: RetireWorkflowArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<Accepted> {
    const change = { type: 'retire', number: version ?? undefined, reason: reason ?? '' } as const;
    return this.#commands.execute(new ChangeWorkflow(workflow, change, caller));
  }

  @Mutation(() => AcceptedModel, { description: 'Lets a retired workflow, or version, be started again.' })
  unretireWorkflow(
    @Args({ type: () => RetireWorkflowArgs }) { workflow, version, reason }: RetireWorkflowArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<Accepted> {
    const change = { type: 'unretire', number: version ?? undefined, reason: reason ?? '' } as const;
    return this.#commands.execute(new ChangeWorkflow(workflow, change, caller));
  }

  @Mutation(() => MigratedExecutionModel, {
    description:
      'Lets an execution go on with another version of its workflow, which is checked first: with what has begun it ends as it began, what comes next is as the new version says. Refused with MIGRATION_REFUSED and all reasons.',
  })
  migrateExecution(
    @Args({ type: () => MigrateExecutionArgs }) args: MigrateExecutionArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<MigratedExecution> {
    const { executionId, to, dryRun, reason } = args;
    return this.#commands.execute(new MigrateExecution(executionId, to, dryRun, reason ?? '', caller));
  }
}
