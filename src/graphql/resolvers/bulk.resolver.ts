import { Inject } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Args, Context, Mutation } from '@nestjs/graphql';
import type { Clock } from '../../ports/clock.ts';
import { CLOCK } from '../../ports/tokens.ts';
import { bulkCommand } from '../bulk/bulk-command.ts';
import { bulkPlace } from '../bulk/bulk-cursor.ts';
import { countAll, operateOnAll, type BulkProgress } from '../bulk/operate-on-all.ts';
import type { GraphqlContext } from '../context.ts';
import { BulkArgs, BulkOperationInput, requireFilter } from '../inputs/bulk.input.ts';
import { ExecutionFilterInput, executionsFilter } from '../inputs/execution-filter.input.ts';
import { BulkProgressModel } from '../models/bulk.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** What operators do to many executions. */
@ApiResolver()
export class BulkResolver {
  readonly #commands: CommandBus;
  readonly #queries: QueryBus;
  readonly #clock: Clock;

  constructor(
    @Inject(CommandBus) commands: CommandBus,
    @Inject(QueryBus) queries: QueryBus,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#commands = commands;
    this.#queries = queries;
    this.#clock = clock;
  }

  @Mutation(() => BulkProgressModel, {
    description:
      'Does the same to many executions: to at most so many a call, from the one started first on; the next call goes on behind `endCursor` while there are more. Each is decided, stored and refused as by the mutation for one. Executions that start after the first call are not met.',
  })
  async operateExecutions(
    @Args('operation', { type: () => BulkOperationInput, description: 'What is done to each.' })
    operation: BulkOperationInput,
    @Args('filter', { type: () => ExecutionFilterInput, description: 'Which executions; not all of them.' })
    filterInput: ExecutionFilterInput,
    @Args({ type: () => BulkArgs }) { reason, dryRun, atMost, after, waitFor }: BulkArgs,
    @Context() { caller, scope }: GraphqlContext,
  ): Promise<BulkProgress> {
    const filter = executionsFilter(filterInput);
    requireFilter(filter);
    const command = bulkCommand(operation, reason ?? '', caller);
    // One that was started in the same millisecond is met.
    const place =
      after == null ? { startedBefore: this.#clock.now() + 1, after: undefined } : bulkPlace(after);
    const target = { filter, place, waitFor: waitFor ?? undefined, scope };
    return dryRun
      ? countAll(this.#queries, target)
      : operateOnAll(this.#queries, this.#commands, target, command, atMost);
  }
}
