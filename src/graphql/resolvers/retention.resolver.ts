import { Inject } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Args, Context, Mutation, Query } from '@nestjs/graphql';
import { ImportArchive, type ImportedArchive } from '../../commands/import-archive.ts';
import { RetainExecutions, type RetainedExecutions } from '../../commands/retain.ts';
import { TruncateStreams, type TruncatedStreams } from '../../commands/truncate-streams.ts';
import type { RetentionStatus } from '../../ports/retentions.ts';
import { GetRetentions } from '../../queries/retentions.ts';
import type { GraphqlContext } from '../context.ts';
import { ImportArchiveArgs, RetainArgs, TruncateStreamsArgs } from '../inputs/retain.args.ts';
import {
  ImportedArchiveModel,
  RetainedExecutionsModel,
  RetentionModel,
  TruncatedStreamsModel,
} from '../models/retention.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** How long executions are kept. */
@ApiResolver()
export class RetentionResolver {
  readonly #commands: CommandBus;
  readonly #queries: QueryBus;

  constructor(@Inject(CommandBus) commands: CommandBus, @Inject(QueryBus) queries: QueryBus) {
    this.#commands = commands;
    this.#queries = queries;
  }

  @Mutation(() => RetainedExecutionsModel, {
    description:
      'Removes executions that ended long enough ago from all views, archives them before, and answers when that is done. What goes on stays, and so does what a view or a recorder has not come to. Fails with NO_RETENTION for a workflow that does not say how long where no time is given, and with RETENTION_UNDER_WAY.',
  })
  retain(
    @Args({ type: () => RetainArgs }) { workflow, before, dryRun }: RetainArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<RetainedExecutions> {
    const what = {
      ...(workflow == null ? {} : { workflow }),
      ...(before == null ? {} : { before }),
      dryRun,
    };
    return this.#commands.execute(new RetainExecutions(what, caller));
  }

  @Mutation(() => TruncatedStreamsModel, {
    description:
      'Gives up the streams of executions that were removed, for good, and answers when that is done: their payloads are gone from the log, and they cannot be brought back; what figures are made of is kept in brief. What was archived goes only where its archive is in the folder of the node that is asked, and is whole. Fails with TRUNCATION_UNDER_WAY, ARCHIVE_NOT_FOUND, ARCHIVE_DAMAGED, ARCHIVE_CONFLICT.',
  })
  truncateStreams(
    @Args({ type: () => TruncateStreamsArgs }) { workflow, before, dryRun }: TruncateStreamsArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<TruncatedStreams> {
    const what = {
      ...(workflow == null ? {} : { workflow }),
      ...(before == null ? {} : { before }),
      dryRun,
    };
    return this.#commands.execute(new TruncateStreams(what, caller));
  }

  @Mutation(() => ImportedArchiveModel, {
    description:
      'Brings back into all views the executions of an archive, once all of it was found to be as it was written and to be what was removed. Done again it changes nothing. They are kept for as long again as the definition says. Fails with ARCHIVE_NOT_FOUND, ARCHIVE_DAMAGED, ARCHIVE_CONFLICT, and with EXECUTION_TRUNCATED where streams were given up.',
  })
  importArchive(
    @Args({ type: () => ImportArchiveArgs }) { archive }: ImportArchiveArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<ImportedArchive> {
    return this.#commands.execute(new ImportArchive(archive, caller));
  }

  @Query(() => [RetentionModel], {
    description: 'How long executions of workflows are kept, where anything says so, and what was removed.',
  })
  retentions(): Promise<readonly RetentionStatus[]> {
    return this.#queries.execute(new GetRetentions());
  }
}
