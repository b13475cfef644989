import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Role } from '../../domain/access/grant.ts';
import type { UsedApiKey } from '../../queries/api-keys.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { AcceptedModel } from './accepted.model.ts';
import { connectionClass } from './connection.ts';
import { Roles } from './enums.ts';

/** What whoever has a key may. */
@ObjectType('ApiKeyRole', {
  description: 'A role that a key has, everywhere in its tenant or for some executions.',
})
export class ApiKeyRoleModel {
  @Field(() => Roles, { description: 'What it may.' })
  readonly role!: Role;

  @Field(() => [String], {
    nullable: true,
    description:
      'Only for executions of these workflows, and for those with one of `tags`; null with no limit.',
  })
  readonly workflows!: readonly string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Only for executions with one of these tags, and for those of `workflows`; null with no limit.',
  })
  readonly tags!: readonly string[] | null;
}

/** That a key counts no longer. */
@ObjectType('ApiKeyRevocation', { description: 'That a key counts no longer, and whose decision that is.' })
export class ApiKeyRevocationModel {
  @Field(() => DateTime, { description: 'Since when.' })
  readonly at!: number;

  @Field(() => String, { description: 'Id of whoever revoked it.' })
  readonly by!: string;

  @Field(() => String, { description: 'Why, as it was given.' })
  readonly reason!: string;
}

/** A key that was given out. */
@ObjectType('ApiKey', { description: 'A key that was given out. Its secret is kept nowhere.' })
export class ApiKeyModel {
  @Field(() => ID, { description: 'Its id: what stands in it behind `sag_`.' })
  readonly id!: string;

  @Field(() => String, { description: 'What it is called.' })
  readonly name!: string;

  @Field(() => String, { description: 'The tenant that it is of.' })
  readonly tenant!: string;

  @Field(() => [ApiKeyRoleModel], { description: 'What whoever has it may.' })
  readonly roles!: readonly ApiKeyRoleModel[];

  @Field(() => DateTime, { description: 'When it was made.' })
  readonly createdAt!: number;

  @Field(() => String, { description: 'Id of whoever made it.' })
  readonly createdBy!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it counts no longer; null when only revoking it ends it.',
  })
  readonly expiresAt!: number | null;

  @Field(() => ApiKeyRevocationModel, { nullable: true, description: 'Null unless it was revoked.' })
  readonly revocation!: ApiKeyRevocationModel | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it was used last, to about a minute; null when that is not known. It is kept beside the views and not in the log, so it is lost with them.',
  })
  readonly lastUsedAt!: number | null;
}

/** A page of keys. */
@ObjectType('ApiKeyConnection', { description: 'A page of keys.' })
export class ApiKeyConnection extends connectionClass(ApiKeyModel, 'ApiKey', 'keys') {}

/** A key that was made. */
@ObjectType('CreatedApiKey', { description: 'A key that was made.' })
export class CreatedApiKeyModel extends AcceptedModel {
  @Field(() => ID, { description: 'Its id.' })
  readonly id!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The key, `sag_<id>_<secret>`, which nobody can be told again; null when it was made before, by the same idempotency key.',
  })
  readonly key!: string | null;

  @Field(() => Boolean, { description: 'False when the same idempotency key had made it before.' })
  readonly created!: boolean;
}

/** What fields of a key are resolved from: never its digest. */
export const apiKeyFrom = (key: UsedApiKey): ApiKeyModel => {
  const { id, name, tenant, roles, createdAt, createdBy, expiresAt, revocation, lastUsedAt } = key;
  return {
    id,
    name,
    tenant,
    roles: roles.map(({ role, workflows, tags }) => ({
      role,
      workflows: workflows ?? null,
      tags: tags ?? null,
    })),
    createdAt,
    createdBy,
    expiresAt: expiresAt ?? null,
    revocation: revocation ?? null,
    lastUsedAt: lastUsedAt ?? null,
  };
};
