import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { AcceptedModel } from './accepted.model.ts';
import { BigIntText } from '../scalars/big-int.scalar.ts';
import { Duration } from '../scalars/duration.scalar.ts';

/** An archive. */
@ObjectType('StoredArchive', { description: 'An archive of executions that were removed.' })
export class StoredArchiveModel {
  @Field(() => String, {
    description: 'Name of its file, in the folder of archives of the node that made it.',
  })
  readonly name!: string;

  @Field(() => String, { description: '`sha256:` of the bytes of the file.' })
  readonly digest!: string;

  @Field(() => BigIntText, { description: 'Bytes of the file.' })
  readonly bytes!: number;
}

/** An archive, as the log tells of it. */
@ObjectType('KnownArchive', { description: 'An archive, as the log tells of it.' })
export class KnownArchiveModel extends StoredArchiveModel {
  @Field(() => Int, { description: 'How many executions are in it.' })
  readonly executions!: number;

  @Field(() => DateTime, { description: 'When the first of them ended.' })
  readonly from!: number;

  @Field(() => DateTime, { description: 'When the last of them ended.' })
  readonly to!: number;

  @Field(() => DateTime, { description: 'When it was made.' })
  readonly archivedAt!: number;
}

/** What came of a workflow. */
@ObjectType('RetainedWorkflow', { description: 'What of a workflow was removed.' })
export class RetainedWorkflowModel {
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @Field(() => DateTime, { description: 'What ended before this.' })
  readonly before!: number;

  @Field(() => Int, { description: 'How many executions were removed; in a dry run how many would be.' })
  readonly removed!: number;

  @Field(() => Int, {
    description: 'How many were chosen and stay, since something had happened to them meanwhile.',
  })
  readonly left!: number;

  @Field(() => [StoredArchiveModel], { description: 'The archives that were made.' })
  readonly archives!: readonly StoredArchiveModel[];
}

/** What came of all. */
@ObjectType('RetainedExecutions', { description: 'What was removed because it is kept no longer.' })
export class RetainedExecutionsModel extends AcceptedModel {
  @Field(() => [RetainedWorkflowModel], { description: 'Of each workflow.' })
  readonly workflows!: readonly RetainedWorkflowModel[];
}

/** What came of giving up streams of a workflow. */
@ObjectType('TruncatedWorkflow', { description: 'Streams of a workflow that were given up.' })
export class TruncatedWorkflowModel {
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @Field(() => Int, { description: 'How many streams were truncated; in a dry run how many would be.' })
  readonly truncated!: number;

  @Field(() => Int, {
    description: 'How many stay, since their executions are there: back, or not removed after all.',
  })
  readonly left!: number;

  @Field(() => BigIntText, {
    description: 'How many events were given up; what figures are made of is kept.',
  })
  readonly events!: number;
}

/** What came of giving up all streams. */
@ObjectType('TruncatedStreams', { description: 'Streams of removed executions that were given up.' })
export class TruncatedStreamsModel extends AcceptedModel {
  @Field(() => [TruncatedWorkflowModel], { description: 'Of each workflow that had any.' })
  readonly workflows!: readonly TruncatedWorkflowModel[];
}

/** How long executions of a workflow are kept. */
@ObjectType('Retention', { description: 'How long executions of a workflow are kept, and what was removed.' })
export class RetentionModel {
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @Field(() => Duration, {
    nullable: true,
    description: 'How long after their end; null where its definition does not say.',
  })
  readonly after!: number | null;

  @Field(() => Boolean, { description: 'Whether they are archived before they are removed.' })
  readonly archives!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when they are being removed, or were to be by a node that did not come to the end.',
  })
  readonly openSince!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When the last removal was over.' })
  readonly endedAt!: number | null;

  @Field(() => Int, {
    description: 'How many were removed, ever: one that came back and was removed again counts each time.',
  })
  readonly removed!: number;

  @Field(() => Int, {
    description: 'How many executions had their streams truncated: they cannot be brought back.',
  })
  readonly truncated!: number;

  @Field(() => [KnownArchiveModel], { description: 'All archives, the oldest first.' })
  readonly archived!: readonly KnownArchiveModel[];
}

/** What came of bringing an archive back. */
@ObjectType('ImportedArchive', { description: 'Executions that are back.' })
export class ImportedArchiveModel extends AcceptedModel {
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @Field(() => String, { description: 'Name of the archive.' })
  readonly archive!: string;

  @Field(() => Int, { description: 'How many executions are back.' })
  readonly restored!: number;

  @Field(() => Int, {
    description: 'How many were there: they were brought back before, or not removed after all.',
  })
  readonly unchanged!: number;
}
