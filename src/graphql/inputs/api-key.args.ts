import { ArgsType, Field, ID, InputType } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsString, Length } from 'class-validator';
import type { Grant, Role } from '../../domain/access/grant.ts';
import { LONGEST_TAG } from '../../domain/definition/search.ts';
import { Rejection } from '../../domain/rejection.ts';
import { Roles } from '../models/enums.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { IsApiKeyId, IsShortText, IsTenantIfAny } from './checks.ts';
import { ListArgs } from './query.args.ts';

const MOST_ROLES = 20;
const MOST_LIMITS = 100;

/** A role of a key. */
@InputType('ApiKeyRoleInput', {
  description: 'A role of a key, everywhere in its tenant or for some executions.',
})
export class ApiKeyRoleInput {
  @Field(() => Roles, { description: 'What it may.' })
  readonly role!: Role;

  @Field(() => [String], {
    nullable: true,
    description: 'Only for executions of these workflows, and for those with one of `tags`.',
  })
  readonly workflows?: readonly string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Only for executions with one of these tags, and for those of `workflows`.',
  })
  readonly tags?: readonly string[] | null;
}

/** A key to make. */
@ArgsType()
export class CreateApiKeyArgs {
  @IsString({ message: 'text' })
  @Length(1, 200, { message: 'text of 1 to 200 characters' })
  @Field(() => String, { description: 'What it is called, for whoever looks through the keys.' })
  readonly name!: string;

  @ArrayMinSize(1, { message: `a list of 1 to ${MOST_ROLES}` })
  @ArrayMaxSize(MOST_ROLES, { message: `a list of 1 to ${MOST_ROLES}` })
  @Field(() => [ApiKeyRoleInput], { description: 'What whoever has it may.' })
  readonly roles!: readonly ApiKeyRoleInput[];

  @IsTenantIfAny()
  @Field(() => String, {
    nullable: true,
    description:
      'The tenant that it is of, your own without it. Who is admin of the server itself may name any.',
  })
  readonly tenant?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it counts no longer; never without it.' })
  readonly expiresAt?: number | null;

  @IsShortText(200)
  @Field(() => String, {
    nullable: true,
    description:
      'The same key again makes no second one, and answers without the secret: who did not get it revokes that one.',
  })
  readonly idempotencyKey?: string | null;
}

/** A key to revoke. */
@ArgsType()
export class RevokeApiKeyArgs {
  @IsApiKeyId()
  @Field(() => ID, { description: 'The key: what stands in it behind `sag_`.' })
  readonly id!: string;

  @IsShortText(1_000)
  @Field(() => String, { nullable: true, description: 'Why, for whoever looks through the keys.' })
  readonly reason?: string | null;
}

/** Which keys are listed. */
@ArgsType()
export class ApiKeysArgs extends ListArgs {
  @IsTenantIfAny()
  @Field(() => String, { nullable: true, description: 'Only those of this tenant.' })
  readonly tenant?: string | null;
}

const LIMITS = `a list of 1 to ${MOST_LIMITS} texts, each of 1 to`;
const LONGEST_NAME = 200;

const limitOf = (field: string, values: readonly string[] | null | undefined, longest: number) => {
  if (values == null) return undefined;
  const isRight = values.length > 0 && values.length <= MOST_LIMITS;
  if (isRight && values.every(({ length }) => length > 0 && length <= longest)) return values;
  const found = JSON.stringify(values).slice(0, 100);
  const expected = `${LIMITS} ${longest} characters`;
  throw new Rejection(
    'BAD_USER_INPUT',
    `Expected an input that can be used, but ${field}: expected ${expected}, but found ${found}.`,
    { field, found, expected },
  );
};

/** The role in the terms of the domain; `index` is its place in the list. Throws `Rejection` (`BAD_USER_INPUT`). */
export const grantFrom = (input: ApiKeyRoleInput, index: number): Grant => {
  const workflows = limitOf(`roles[${index}].workflows`, input.workflows, LONGEST_NAME);
  const tags = limitOf(`roles[${index}].tags`, input.tags, LONGEST_TAG);
  return {
    role: input.role,
    ...(workflows === undefined ? {} : { workflows }),
    ...(tags === undefined ? {} : { tags }),
  };
};
