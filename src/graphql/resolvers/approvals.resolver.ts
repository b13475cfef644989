import { Inject } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Args, Context, Mutation, Query } from '@nestjs/graphql';
import { DecideApproval, type Decided } from '../../commands/decide-approval.ts';
import { FindApprovals } from '../../queries/queries.ts';
import type { GraphqlContext } from '../context.ts';
import { DecideApprovalArgs } from '../inputs/command.args.ts';
import { ApprovalsArgs, pageRequest } from '../inputs/query.args.ts';
import { ApprovalConnection, approvalFrom, type ApprovalModel } from '../models/approval.model.ts';
import { DecisionResult } from '../models/decision-result.model.ts';
import { connectionFrom, type ConnectionOf } from '../models/connection.ts';
import { ApiResolver } from './api-resolver.ts';

/** Decisions that steps wait for. */
@ApiResolver()
export class ApprovalsResolver {
  readonly #queries: QueryBus;
  readonly #commands: CommandBus;

  constructor(@Inject(QueryBus) queries: QueryBus, @Inject(CommandBus) commands: CommandBus) {
    this.#queries = queries;
    this.#commands = commands;
  }

  @Query(() => ApprovalConnection, {
    description: 'The decisions that are waited for, those asked for first coming first.',
  })
  async approvals(
    @Args({ type: () => ApprovalsArgs }) args: ApprovalsArgs,
    @Context() { scope }: GraphqlContext,
  ): Promise<ConnectionOf<ApprovalModel>> {
    const query = new FindApprovals(args.assignee ?? undefined, pageRequest(args), args.waitFor ?? undefined);
    return connectionFrom(await this.#queries.execute(query.within(scope)), args, approvalFrom);
  }

  @Mutation(() => DecisionResult, {
    description:
      'Decides what a step waits for; the step completes with `decision`, `by`, `comment` and `at`. Decided before, or asked for no more, is an answer; it fails with NOT_AN_ASSIGNEE when it is others who are asked, and with APPROVAL_NOT_PENDING where nobody ever was.',
  })
  async decideApproval(
    @Args({ type: () => DecideApprovalArgs })
    { executionId, step, decision, comment, by }: DecideApprovalArgs,
    @Context() { caller, givesPayloads }: GraphqlContext,
  ): Promise<Decided> {
    const decided = await this.#commands.execute(
      new DecideApproval(executionId, step, decision, comment ?? '', by ?? undefined, caller),
    );
    // Who it was is a payload of the execution, unlike what whoever asks has just said themselves.
    if (decided.outcome === 'already_decided') givesPayloads(executionId, decided.workflow);
    return decided;
  }
}
