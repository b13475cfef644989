import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { JsonObject } from '../../domain/json.ts';
import type { RebuildKind } from '../../projections/rebuild/notes.ts';
import type { RebuildPhase } from '../../projections/rebuild/shadow.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { JsonValue } from '../scalars/json.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { AcceptedModel } from './accepted.model.ts';

/** Why documents are folded beside the live ones. */
export const RebuildKinds: Readonly<Record<Uppercase<RebuildKind>, RebuildKind>> = {
  REBUILD: 'rebuild',
  VERIFY: 'verify',
  ROLLBACK: 'rollback',
};

registerEnumType(RebuildKinds, {
  name: 'RebuildKind',
  description: 'Why documents are folded beside the live ones.',
  valuesMap: {
    REBUILD: { description: 'They take their place.' },
    VERIFY: { description: 'They are only compared with them: a dry run.' },
    ROLLBACK: { description: 'They were live before, and are brought back.' },
  },
});

/** What is being done to them. */
export const RebuildPhases: Readonly<Record<Uppercase<RebuildPhase>, RebuildPhase>> = {
  FOLDING: 'folding',
  COMPARING: 'comparing',
  SWAPPING: 'swapping',
};

registerEnumType(RebuildPhases, {
  name: 'RebuildPhase',
  description: 'What is being done to the documents beside the live ones.',
  valuesMap: {
    FOLDING: { description: 'The log is folded into them.' },
    COMPARING: { description: 'They are compared with the live ones.' },
    SWAPPING: { description: 'They are taking their place.' },
  },
});

/** How far the rebuild of a projection is. */
@ObjectType('Rebuild', { description: 'How far the rebuild of a projection is.' })
export class RebuildModel {
  @Field(() => RebuildKinds, { description: 'What it is for.' })
  readonly kind!: RebuildKind;

  @Field(() => RebuildPhases, { description: 'What it is doing.' })
  readonly phase!: RebuildPhase;

  @Field(() => Boolean, { description: 'It stands still until it is resumed.' })
  readonly paused!: boolean;

  @Field(() => Int, { description: 'The generation that it makes.' })
  readonly generation!: number;

  @Field(() => Position, { description: 'Everything up to here is folded.' })
  readonly position!: bigint;

  @Field(() => Position, { nullable: true, description: 'Where the log ends; null when it does not answer.' })
  readonly end!: bigint | null;

  @Field(() => Float, { description: 'Events folded so far.' })
  readonly events!: number;

  @Field(() => Float, { description: 'Documents compared so far, of both sides.' })
  readonly compared!: number;

  @Field(() => Float, { description: 'The share of its time that it works, at most.' })
  readonly maxShare!: number;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  readonly begunAt!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Milliseconds until it has folded everything, by how fast it got here; null when nothing tells.',
  })
  readonly eta!: number | null;
}

/** A rebuild under way, and whose. */
@ObjectType('RebuildProgress', { description: 'How far a rebuild is, and of which projection.' })
export class RebuildProgressModel extends RebuildModel {
  @Field(() => String, { description: 'Name of the projection.' })
  readonly projection!: string;

  @Field(() => Float, { description: 'Events looked at a second, over the last ten.' })
  readonly rate!: number;
}

/** How many documents there are, and their checksum. */
@ObjectType('Digest', { description: 'How many documents there are, and a checksum of all of them.' })
export class DigestModel {
  @Field(() => Float, { description: 'How many.' })
  readonly documents!: number;

  @Field(() => String, { description: '16 hexadecimal digits, whatever the order.' })
  readonly checksum!: string;
}

/** A document that differs. */
@ObjectType('Difference', { description: 'A document that is not what the log says.' })
export class DifferenceModel {
  @Field(() => String, { description: 'Its key.' })
  readonly key!: string;

  @Field(() => JsonValue, { nullable: true, description: 'As it was found; null when there was none.' })
  readonly live!: JsonObject | null;

  @Field(() => JsonValue, {
    nullable: true,
    description: 'As the log has it; null when there is to be none.',
  })
  readonly rebuilt!: JsonObject | null;
}

/** Live documents beside those that were folded anew. */
@ObjectType('Comparison', { description: 'The live documents beside those that were folded anew.' })
export class ComparisonModel {
  @Field(() => DigestModel, { description: 'Of the live ones.' })
  readonly live!: DigestModel;

  @Field(() => Float, { description: 'How many documents differ, are missing or are too many.' })
  readonly differing!: number;

  @Field(() => [DifferenceModel], { description: 'The first 100 of them.' })
  readonly differences!: readonly DifferenceModel[];
}

/** A rebuilt projection. */
@ObjectType('RebuiltProjection', { description: 'How a rebuild ended.' })
export class RebuiltProjectionModel extends AcceptedModel {
  @Field(() => String, { description: 'Name of the projection.' })
  readonly projection!: string;

  @Field(() => RebuildKinds, { description: 'What it was for.' })
  readonly kind!: RebuildKind;

  @Field(() => Int, { description: 'The generation that was folded: live now, or gone after a dry run.' })
  readonly generation!: number;

  @Field(() => Int, { description: 'Events that were folded.' })
  readonly events!: number;

  @Field(() => Float, { description: 'Milliseconds since it was asked for.' })
  readonly duration!: number;

  @Field(() => DigestModel, {
    nullable: true,
    description: 'Of its documents; null when nothing was compared.',
  })
  readonly digest!: DigestModel | null;

  @Field(() => ComparisonModel, {
    nullable: true,
    description: 'What it was compared with; null when there was nothing, or nothing of this version.',
  })
  readonly comparison!: ComparisonModel | null;
}
