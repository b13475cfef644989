import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Args, Context, Parent, Query, ResolveField } from '@nestjs/graphql';
import { FindAuditEntries } from '../../queries/audit.ts';
import { VerifyAudit } from '../../queries/verify-audit.ts';
import type { GraphqlContext } from '../context.ts';
import { nullable } from '../errors/input-pipe.ts';
import { AuditFilterInput, auditFilter, VerifyAuditArgs } from '../inputs/audit.args.ts';
import { PageArgs, pageRequest } from '../inputs/query.args.ts';
import {
  AuditConnection,
  auditDayFrom,
  AuditDayModel,
  auditEntryFrom,
  AuditEntryModel,
  type AuditParent,
} from '../models/audit.model.ts';
import { connectionFrom, type ConnectionOf } from '../models/connection.ts';
import { ApiResolver } from './api-resolver.ts';

/** Who did and read what; where they came from and why is read from the log when it is asked for. */
@ApiResolver(() => AuditEntryModel)
export class AuditResolver {
  readonly #queries: QueryBus;

  constructor(@Inject(QueryBus) queries: QueryBus) {
    this.#queries = queries;
  }

  @Query(() => AuditConnection, {
    description: 'Who did what and read what of your tenant, the last one first. For admins.',
  })
  async auditLog(
    @Args({ type: () => PageArgs }) args: PageArgs,
    @Args(
      'filter',
      { type: () => AuditFilterInput, nullable: true, description: 'Which entries.' },
      nullable(AuditFilterInput),
    )
    filter: AuditFilterInput | null,
    @Context() { scope }: GraphqlContext,
  ): Promise<ConnectionOf<AuditParent>> {
    const query = new FindAuditEntries(auditFilter(filter), pageRequest(args), args.waitFor ?? undefined);
    return connectionFrom(await this.#queries.execute(query.within(scope)), args, auditEntryFrom);
  }

  @Query(() => [AuditDayModel], {
    description:
      'Whether what is recorded of reads is what was written: the hash chain of each day that has any, and that each goes on from the end of the one before.',
  })
  async verifyAudit(
    @Args({ type: () => VerifyAuditArgs }) { from, to }: VerifyAuditArgs,
    @Context() { clock }: GraphqlContext,
  ): Promise<readonly AuditDayModel[]> {
    return (await this.#queries.execute(new VerifyAudit(from, to ?? clock.now()))).map(auditDayFrom);
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'What the request is known by, in the log of the server, too; read from the log.',
  })
  async requestId(
    @Parent() { stream, revision }: AuditParent,
    @Context() { origins }: GraphqlContext,
  ): Promise<string | undefined> {
    return (await origins.load({ stream, revision }))?.request;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'The address that it came from, as far as proxies are believed; read from the log.',
  })
  async address(
    @Parent() { stream, revision }: AuditParent,
    @Context() { origins }: GraphqlContext,
  ): Promise<string | undefined> {
    return (await origins.load({ stream, revision }))?.address;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Why, as whoever it was has said; read from the log.',
  })
  async reason(
    @Parent() { stream, revision }: AuditParent,
    @Context() { origins }: GraphqlContext,
  ): Promise<string | undefined> {
    return (await origins.load({ stream, revision }))?.reason;
  }
}
