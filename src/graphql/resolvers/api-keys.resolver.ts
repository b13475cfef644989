import { Inject } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Args, Context, Mutation, Query } from '@nestjs/graphql';
import { CreateApiKey, RevokeApiKey } from '../../commands/api-key-commands.ts';
import type { Operated } from '../../commands/commands.ts';
import { FindApiKeys } from '../../queries/api-keys.ts';
import type { GraphqlContext } from '../context.ts';
import { ApiKeysArgs, CreateApiKeyArgs, grantFrom, RevokeApiKeyArgs } from '../inputs/api-key.args.ts';
import { pageRequest } from '../inputs/query.args.ts';
import { OperatedModel } from '../models/accepted.model.ts';
import {
  ApiKeyConnection,
  apiKeyFrom,
  CreatedApiKeyModel,
  type ApiKeyModel,
} from '../models/api-key.model.ts';
import { connectionFrom, type ConnectionOf } from '../models/connection.ts';
import { ApiResolver } from './api-resolver.ts';

/** Keys that are given out to those who have no token. */
@ApiResolver()
export class ApiKeysResolver {
  readonly #queries: QueryBus;
  readonly #commands: CommandBus;

  constructor(@Inject(QueryBus) queries: QueryBus, @Inject(CommandBus) commands: CommandBus) {
    this.#queries = queries;
    this.#commands = commands;
  }

  @Query(() => ApiKeyConnection, {
    description:
      'Keys of your tenant, the last one first, also those that count no longer; of all tenants for an admin of the server itself.',
  })
  async apiKeys(
    @Args({ type: () => ApiKeysArgs }) args: ApiKeysArgs,
    @Context() { scope }: GraphqlContext,
  ): Promise<ConnectionOf<ApiKeyModel>> {
    const query = new FindApiKeys(args.tenant ?? undefined, pageRequest(args)).within(scope);
    return connectionFrom(await this.#queries.execute(query), args, apiKeyFrom);
  }

  @Mutation(() => CreatedApiKeyModel, {
    description:
      'Makes a key, and tells it this once. Fails with FORBIDDEN for another tenant than your own unless you are admin of the server itself, and on a server that asks nobody who they are.',
  })
  async createApiKey(
    @Args({ type: () => CreateApiKeyArgs }) args: CreateApiKeyArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<CreatedApiKeyModel> {
    const { name, roles, tenant, expiresAt, idempotencyKey } = args;
    const wanted = {
      name,
      roles: roles.map(grantFrom),
      tenant: tenant ?? undefined,
      expiresAt: expiresAt ?? undefined,
    };
    const made = await this.#commands.execute(new CreateApiKey(wanted, idempotencyKey ?? undefined, caller));
    return { ...made, key: made.key ?? null };
  }

  @Mutation(() => OperatedModel, {
    description:
      'Lets a key count no longer, and ends what is subscribed to with it. Fails with API_KEY_NOT_FOUND when there is none, or none of your tenant.',
  })
  revokeApiKey(
    @Args({ type: () => RevokeApiKeyArgs }) { id, reason }: RevokeApiKeyArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<Operated> {
    return this.#commands.execute(new RevokeApiKey(id, reason ?? '', caller));
  }
}
