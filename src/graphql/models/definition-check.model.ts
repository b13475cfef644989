import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { CheckedDefinition, CheckedVersion } from '../../queries/queries.ts';

/** Something wrong in a definition, or worth knowing of it. */
@ObjectType('DefinitionProblem', { description: 'Something wrong in a definition, or worth knowing of it.' })
export class DefinitionProblemModel {
  @Field(() => String, { description: 'What kind of problem it is.' })
  readonly code!: string;

  @Field(() => Int, { description: 'Its line, from 1.' })
  readonly line!: number;

  @Field(() => Int, { description: 'Its column, from 1.' })
  readonly column!: number;

  @Field(() => String, { description: 'The dotted path of what it is about.' })
  readonly path!: string;

  @Field(() => String, { description: 'What was expected and what was found.' })
  readonly message!: string;
}

/** What a source would be. */
@ObjectType('CheckedVersion', { description: 'The version of a workflow that a source would be.' })
export class CheckedVersionModel {
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @Field(() => String, { description: 'Hash of the definition.' })
  readonly hash!: string;

  @Field(() => Int, { description: 'Number that the version would have, or has.' })
  readonly number!: number;

  @Field(() => Boolean, { description: 'False when the latest version says the same already.' })
  readonly isNew!: boolean;
}

/** What came of a check. */
@ObjectType('DefinitionCheck', { description: 'What registering a definition would say.' })
export class DefinitionCheckModel {
  @Field(() => Boolean, { description: 'Whether it would be taken.' })
  readonly ok!: boolean;

  @Field(() => [DefinitionProblemModel], {
    description: 'Everything that is wrong, in the order of its lines.',
  })
  readonly problems!: CheckedDefinition['problems'];

  @Field(() => [DefinitionProblemModel], { description: 'What is allowed but worth a look.' })
  readonly warnings!: CheckedDefinition['warnings'];

  @Field(() => CheckedVersionModel, {
    nullable: true,
    description: 'What it would be; null when it would not be taken.',
  })
  readonly version!: CheckedVersion | null;
}
