import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { DefinitionProblemModel } from './definition-check.model.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';

/** What every mutation answers. */
@ObjectType('Accepted', { description: 'What was asked for is durable.' })
export class AcceptedModel {
  @Field(() => Position, {
    description: 'Position of its last event: give it to `waitFor` to read what was written.',
  })
  readonly position!: bigint;
}

/** What an operator's mutation answers. */
@ObjectType('Operated', { description: 'What was asked for is so, and durable.' })
export class OperatedModel extends AcceptedModel {
  @Field(() => Boolean, { description: 'False when it was so before: nothing was stored.' })
  readonly changed!: boolean;
}

/** A registered definition. */
@ObjectType('RegisteredWorkflow', { description: 'The version of a workflow that a source gives.' })
export class RegisteredWorkflowModel extends AcceptedModel {
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @Field(() => String, { description: 'Hash of the definition.' })
  readonly definition!: string;

  @Field(() => Int, { description: 'Number of the version, from 1.' })
  readonly number!: number;

  @Field(() => Boolean, { description: 'False when the latest version says the same already.' })
  readonly created!: boolean;

  @Field(() => [DefinitionProblemModel], { description: 'What is allowed but worth a look.' })
  readonly warnings!: readonly DefinitionProblemModel[];
}

/** A started execution. */
@ObjectType('StartedExecution', { description: 'An execution that was started.' })
export class StartedExecutionModel extends AcceptedModel {
  @Field(() => ID, { description: 'Its id.' })
  readonly executionId!: string;

  @Field(() => Boolean, { description: 'False when the same key had started it before.' })
  readonly created!: boolean;
}

/** What an event did not start. */
@ObjectType('SkippedStart', { description: 'What an event did not start, as one runs at a time.' })
export class SkippedStartModel {
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @Field(() => ID, { description: 'The execution that runs.' })
  readonly running!: string;
}

/** What an event is going to start with others. */
@ObjectType('GatheredStart', { description: 'What an event is going to start, alone or with others.' })
export class GatheredStartModel {
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @Field(() => Int, { description: 'How many events wait by now, this one among them.' })
  readonly count!: number;

  @Field(() => DateTime, { description: 'When it is started, unless events that come change that.' })
  readonly dueAt!: number;
}

/** An accepted event. */
@ObjectType('EmittedEvent', { description: 'An event that was accepted, and what it started.' })
export class EmittedEventModel extends AcceptedModel {
  @Field(() => ID, { description: 'Its id.' })
  readonly eventId!: string;

  @Field(() => [StartedExecutionModel], { description: 'The executions whose trigger it meets.' })
  readonly executions!: readonly StartedExecutionModel[];

  @Field(() => [SkippedStartModel], {
    description: 'Workflows with `singleton` whose trigger it meets, while one of them runs.',
  })
  readonly skipped!: readonly SkippedStartModel[];

  @Field(() => [GatheredStartModel], {
    description:
      'Workflows with `debounce` or `batch` whose trigger it meets, and which it is going to start.',
  })
  readonly gathered!: readonly GatheredStartModel[];
}

/** Why an execution cannot go on with another version. */
@ObjectType('MigrationReason', { description: 'Why an execution cannot go on with another version.' })
export class MigrationReasonModel {
  @Field(() => String, { description: 'What kind of reason it is.' })
  readonly code!: string;

  @Field(() => String, {
    description:
      'Path of the step of the run, or name of the step of the version, that it is about; empty for the whole run.',
  })
  readonly step!: string;

  @Field(() => String, { description: 'What was expected and what was found.' })
  readonly message!: string;
}

/** A migrated execution. */
@ObjectType('MigratedExecution', {
  description: 'Whether an execution went over to another version, or could.',
})
export class MigratedExecutionModel extends AcceptedModel {
  @Field(() => Boolean, {
    description: 'It went over, or would; false when it is of that version already, or cannot.',
  })
  readonly changed!: boolean;

  @Field(() => [MigrationReasonModel], { description: 'Of a dry run: all that speaks against it.' })
  readonly reasons!: readonly MigrationReasonModel[];
}
