import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { DifferenceKind } from '../../projections/projector.ts';
import type { RebuildKind } from '../../projections/rebuild/notes.ts';
import type { RebuildPhase } from '../../projections/rebuild/shadow.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { JsonValue } from '../scalars/json.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { AcceptedModel } from './accepted.model.ts';
import { BigIntText } from '../scalars/big-int.scalar.ts';
import { Duration } from '../scalars/duration.scalar.ts';

/** Why documents are folded beside the live ones. */
export const RebuildKinds: Readonly<Record<Uppercase<RebuildKind>, RebuildKind>> = {
  REBUILD: 'rebuild',
  VERIFY: 'verify',
  ROLLBACK: 'rollback',
  RETRY: 'retry',
};

registerEnumType(RebuildKinds, {
  name: 'RebuildKind',
  description: 'Why documents are folded beside the live ones.',
  valuesMap: {
    REBUILD: { description: 'They take their place.' },
    VERIFY: { description: 'They are only compared with them: a dry run.' },
    ROLLBACK: { description: 'They were live before, and are brought back.' },
    RETRY: { description: 'The live ones are folded on from where they stopped.' },
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

  @Field(() => BigIntText, { description: 'Events folded so far.' })
  readonly events!: number;

  @Field(() => BigIntText, {
    description:
      'Documents compared so far, of both sides; in a dry run also what of the indexes was looked through, document by document and entry by entry.',
  })
  readonly compared!: number;

  @Field(() => Float, { description: 'The share of its time that it works, at most.' })
  readonly maxShare!: number;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  readonly begunAt!: number;

  @Field(() => Duration, {
    nullable: true,
    description:
      'Until it has folded everything, by how fast it got here with its rests, without what comes behind: comparing, indexes and swapping; null then, while it stands still, and when nothing tells.',
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
  @Field(() => BigIntText, { description: 'How many.' })
  readonly documents!: number;

  @Field(() => String, { description: '16 hexadecimal digits, whatever the order.' })
  readonly checksum!: string;
}

/** What is not what the log says. */
export const DifferenceKinds: Readonly<Record<Uppercase<DifferenceKind>, DifferenceKind>> = {
  DOCUMENT: 'document',
  INDEX: 'index',
};

registerEnumType(DifferenceKinds, {
  name: 'DifferenceKind',
  description: 'What is not what the log says.',
  valuesMap: {
    DOCUMENT: { description: 'The document.' },
    INDEX: { description: 'What the store finds it by, which is not what the document says.' },
  },
});

/** A document that differs. */
@ObjectType('Difference', {
  description: 'A document that is not what the log says, or is found by something else than it says.',
})
export class DifferenceModel {
  @Field(() => String, { description: 'Its key.' })
  readonly key!: string;

  @Field(() => DifferenceKinds, { description: 'What of it is wrong.' })
  readonly kind!: DifferenceKind;

  @Field(() => JsonValue, {
    nullable: true,
    description:
      'As it was found, its text where that is no JSON object, or those fields of it that it was found by wrongly; null when there was none.',
  })
  readonly live!: Json;

  @Field(() => JsonValue, {
    nullable: true,
    description:
      'As the log has it, or what the document says of those fields; null when there is to be none.',
  })
  readonly rebuilt!: JsonObject | null;
}

/** Documents that tell of one day. */
@ObjectType('DayComparison', {
  description: 'The documents that tell of one day, beside those that were folded anew.',
})
export class DayComparisonModel {
  @Field(() => String, { description: 'Category of the streams that they tell of.' })
  readonly category!: string;

  @Field(() => String, {
    nullable: true,
    description: '2026-01-31, in UTC; null for those that tell of no day.',
  })
  readonly day!: string | null;

  @Field(() => DigestModel, { description: 'Of the live ones.' })
  readonly live!: DigestModel;

  @Field(() => DigestModel, { description: 'Of those that were folded anew.' })
  readonly rebuilt!: DigestModel;

  @Field(() => BigIntText, { description: 'How many differ, are missing or are too many.' })
  readonly differing!: number;
}

/** What the log has of a day. */
@ObjectType('LogDay', { description: 'What the log has of a category of streams on a day.' })
export class LogDayModel {
  @Field(() => String, { description: 'Category of the streams.' })
  readonly category!: string;

  @Field(() => String, { description: '2026-01-31, in UTC.' })
  readonly day!: string;

  @Field(() => BigIntText, { description: 'How many events.' })
  readonly events!: number;

  @Field(() => String, { description: 'Of their ids and types, whatever the order: 16 hexadecimal digits.' })
  readonly checksum!: string;
}

/** Live documents beside those that were folded anew. */
@ObjectType('Comparison', { description: 'The live documents beside those that were folded anew.' })
export class ComparisonModel {
  @Field(() => DigestModel, { description: 'Of the live ones.' })
  readonly live!: DigestModel;

  @Field(() => BigIntText, {
    description:
      'How many documents differ, are missing or are too many; in a dry run also how many are found by something else than they say.',
  })
  readonly differing!: number;

  @Field(() => [DifferenceModel], { description: 'The first 100 of them.' })
  readonly differences!: readonly DifferenceModel[];

  @Field(() => [DayComparisonModel], { description: 'The same by category and day, where it was asked for.' })
  readonly days!: readonly DayComparisonModel[];
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

  @Field(() => BigIntText, { description: 'Events that were folded.' })
  readonly events!: number;

  @Field(() => Duration, { description: 'Since it was asked for.' })
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
