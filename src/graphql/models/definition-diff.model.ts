import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { Json, JsonObject } from '../../domain/json.ts';
import { JsonValue } from '../scalars/json.scalar.ts';

const LIST =
  'The list that it is in: empty for the definition’s own, else the block and its branch, as in `both[left]`.';

/** A step that only one of two versions has. */
@ObjectType('DefinitionStep', { description: 'A step that only one of two versions has.' })
export class DefinitionStepModel {
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Field(() => String, { description: LIST })
  readonly list!: string;

  @Field(() => Int, { description: 'Which of the list it is, from 0.' })
  readonly index!: number;

  @Field(() => JsonValue, { description: 'As it is written, without the steps in it.' })
  readonly form!: JsonObject;
}

/** A field that is another than before. */
@ObjectType('ChangedKey', { description: 'A field that is another than before.' })
export class ChangedKeyModel {
  @Field(() => String, { description: 'Its name.' })
  readonly key!: string;

  @Field(() => JsonValue, { nullable: true, description: 'What it was; null when it was not there.' })
  readonly from?: Json;

  @Field(() => JsonValue, { nullable: true, description: 'What it is; null when it is not there.' })
  readonly to?: Json;
}

/** A step that is written otherwise. */
@ObjectType('ChangedStep', { description: 'A step that is written otherwise.' })
export class ChangedStepModel {
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Field(() => [ChangedKeyModel], { description: 'What of it is another than before.' })
  readonly keys!: readonly ChangedKeyModel[];
}

/** Where a step stands. */
@ObjectType('StepSpot', { description: 'Where a step stands among the others.' })
export class StepSpotModel {
  @Field(() => String, { description: LIST })
  readonly list!: string;

  @Field(() => Int, { description: 'Which of the list it is, from 0.' })
  readonly index!: number;
}

/** A step that stands elsewhere. */
@ObjectType('MovedStep', {
  description: 'A step that stands elsewhere: in another list, or before another step of its list.',
})
export class MovedStepModel {
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Field(() => StepSpotModel, { description: 'Where it stood.' })
  readonly from!: StepSpotModel;

  @Field(() => StepSpotModel, { description: 'Where it stands.' })
  readonly to!: StepSpotModel;
}

/** Names that came and went. */
@ObjectType('ChangedNames', { description: 'Names that came and went.' })
export class ChangedNamesModel {
  @Field(() => [String], { description: 'Those that came.' })
  readonly added!: readonly string[];

  @Field(() => [String], { description: 'Those that went.' })
  readonly removed!: readonly string[];
}

/** What makes one version of a workflow another. */
@ObjectType('DefinitionDiff', { description: 'What makes one version of a workflow another.' })
export class DefinitionDiffModel {
  @Field(() => [DefinitionStepModel], { description: 'Steps that came.' })
  readonly added!: readonly DefinitionStepModel[];

  @Field(() => [DefinitionStepModel], { description: 'Steps that went.' })
  readonly removed!: readonly DefinitionStepModel[];

  @Field(() => [ChangedStepModel], { description: 'Steps that are written otherwise.' })
  readonly changed!: readonly ChangedStepModel[];

  @Field(() => [MovedStepModel], { description: 'Steps that stand elsewhere: the fewest that explain it.' })
  readonly moved!: readonly MovedStepModel[];

  @Field(() => [ChangedKeyModel], { description: 'Blocks beside the steps that are another than before.' })
  readonly blocks!: readonly ChangedKeyModel[];

  @Field(() => ChangedNamesModel, { description: 'Variables that the definition sets.' })
  readonly variables!: ChangedNamesModel;

  @Field(() => ChangedNamesModel, { description: 'Activities that it calls.' })
  readonly activities!: ChangedNamesModel;
}
