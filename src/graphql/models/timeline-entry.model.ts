import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { blockOf, branchOf, lineOf } from '../../domain/execution/path.ts';
import type { StoredDocument } from '../../ports/read-models.ts';
import type { TimelineDocument } from '../../projections/timeline-document.ts';
import type { LogMoment } from '../../queries/as-of/as-of.ts';
import type { TimelinePage } from '../../queries/history-queries.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { connectionClass, connectionFrom, type ConnectionOf } from './connection.ts';
import { Gates, TimelineKinds, TimelineStatuses } from './enums.ts';
import { Duration } from '../scalars/duration.scalar.ts';

/** One entry of an execution's timeline. */
@ObjectType('TimelineEntry', {
  description:
    'One entry of a timeline: the execution itself, or an attempt, a wait, a skip, a signal in it.',
})
export class TimelineEntryModel {
  @Field(() => ID, { description: 'Its key, unique among all entries.' })
  readonly id!: string;

  @Field(() => ID, { description: 'The execution that it belongs to.' })
  readonly executionId!: string;

  @Field(() => Int, { description: 'Its place in the order of entries: the revision of its first event.' })
  readonly sequence!: number;

  @Field(() => TimelineKinds, { description: 'What it is about.' })
  readonly kind!: TimelineDocument['kind'];

  @Field(() => TimelineStatuses, { description: 'How it stands.' })
  readonly status!: TimelineDocument['status'];

  @Field(() => String, { nullable: true, description: 'Name of the step.' })
  readonly step!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the author of the definition calls the step in this run, by its `label`.',
  })
  readonly label!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Path of the step whose branch that step is in; null in the list that the run begins with.',
  })
  readonly parentStep!: string | null;

  @Field(() => Int, { description: 'How many such steps there are, one in the other.' })
  readonly depth!: number;

  @Field(() => String, { nullable: true, description: 'The activity that was called.' })
  readonly activity!: string | null;

  @Field(() => Int, { nullable: true, description: 'Number of the attempt, from 1.' })
  readonly attempt!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the remote worker that makes the attempt calls itself; null where a node makes it.',
  })
  readonly worker!: string | null;

  @Field(() => Boolean, { description: "Whether the attempt is one of the fallback's activity." })
  readonly fallback!: boolean;

  @Field(() => DateTime, { description: 'When it began.' })
  readonly startedAt!: number;

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  readonly endedAt!: number | null;

  @Field(() => Duration, { nullable: true, description: 'How long it took.' })
  readonly duration!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When a wait ends or times out, or when nobody is waited for any longer to serve a step; of a failed attempt, when the next one is due.',
  })
  readonly dueAt!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When the time of the step, or of the execution or its undoing, is over, where it is limited.',
  })
  readonly deadline!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the attempt last said how far it was, as far as that was recorded.',
  })
  readonly heartbeatAt!: number | null;

  @Field(() => String, { nullable: true, description: 'The signal that came or is waited for.' })
  readonly signal!: string | null;

  @Field(() => ID, { nullable: true, description: 'The execution that the step has started as its child.' })
  readonly child!: string | null;

  @Field(() => String, { nullable: true, description: 'Type of the error.' })
  readonly errorType!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What followed a failed attempt (`retry`, `skip`, `activity`, `block`, `stop`, `compensate`, `continue`), why a step was skipped (`guard`, `fallback`, `operator`), or why a branch was given up (`joined`: enough others have completed, `failed`: one of them has not, `timeout`: the time of the block was over, `operator`: somebody said so), or what ran out of time (`step`, `queue`, `run`, `compensation`).',
  })
  readonly handled!: string | null;

  @Field(() => String, { nullable: true, description: '`operator` when it was ended by hand.' })
  readonly by!: 'operator' | null;

  @Field(() => String, { nullable: true, description: 'The step at which the run went on after a jump.' })
  readonly to!: string | null;

  @Field(() => Gates, {
    nullable: true,
    description: 'What limits the activity, where the entry is about that.',
  })
  readonly gate!: TimelineDocument['gate'];

  @Field(() => Int, {
    nullable: true,
    description:
      'How many it has counted: of a circuit breaker, failures in a row; of `CPU` thousandths of a core, and of `MEMORY` MiB, that are reserved.',
  })
  readonly count!: number | null;

  @Field(() => Int, { nullable: true, description: 'Of how many: of a circuit breaker, its threshold.' })
  readonly of!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How much of `CPU`, thousandths of a core, or of `MEMORY`, MiB, the attempt takes of its node.',
  })
  readonly needs!: number | null;

  @Field(() => Int, { nullable: true, description: 'How much of that the node has.' })
  readonly capacity!: number | null;

  @Field(() => Position, { description: 'Position of the latest event that this answer reflects.' })
  readonly position!: bigint;
}

/** An entry as its fields are resolved from. */
export type TimelineParent = TimelineDocument & {
  readonly id: string;
  readonly position: bigint;
  readonly parentStep: string | null;
  readonly depth: number;
  /** The moment that the timeline is of; now where there is none. */
  readonly asOf: LogMoment | undefined;
};

/** The branches around what an entry is about, the outermost first: around a branch there is itself. */
const branchesOf = (step: string | null): readonly string[] => {
  if (step === null) return [];
  return lineOf(step.endsWith(']') ? step : branchOf(step));
};

/** What fields of an entry are resolved from, as it is or as of a moment. */
export const timelineEntryFrom = (
  { key, doc, position }: StoredDocument<TimelineDocument>,
  asOf?: LogMoment,
): TimelineParent => {
  const branches = branchesOf(doc.step);
  const parent = branches.at(-1);
  return {
    ...doc,
    id: key,
    position,
    depth: branches.length,
    parentStep: parent === undefined ? null : blockOf(parent),
    asOf,
  };
};

/** A page of a timeline. */
@ObjectType('TimelineConnection', { description: 'A page of a timeline.' })
export class TimelineConnection extends connectionClass(TimelineEntryModel, 'Timeline', 'entries') {}

/** A page of a timeline that was asked for, whose entries know which moment they are of. */
export const timelineFrom = (
  page: TimelinePage,
  args: { readonly after?: string | null },
): ConnectionOf<TimelineParent> => connectionFrom(page, args, (entry) => timelineEntryFrom(entry, page.asOf));
