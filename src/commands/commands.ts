import { Command } from '@nestjs/cqrs';
import type { WorkflowCommand } from '../domain/definition/decide-workflow.ts';
import type { Problem } from '../domain/definition/definition.ts';
import type { OperatorCommand } from '../domain/execution/commands.ts';
import type { MigrationReason } from '../domain/execution/migrate/refused.ts';
import type { Json } from '../domain/json.ts';
import type { ScheduleCommand } from '../domain/schedule/decide.ts';
import type { Caller } from './caller.ts';

/** Every command's answer says the position of its last event: hand it to `waitFor` to read your own write. */
export interface Accepted {
  readonly position: bigint;
}

/** The version of a workflow that a source gives; `created` is false when it was there already. */
export interface RegisteredWorkflow extends Accepted {
  readonly workflow: string;
  readonly definition: string;
  readonly number: number;
  readonly created: boolean;
  readonly warnings: readonly Problem[];
}

/** Registers a definition. Rejects with `INVALID_DEFINITION` and every problem. */
export class RegisterWorkflow extends Command<RegisteredWorkflow> {
  readonly source: string;
  readonly caller: Caller;

  constructor(source: string, caller: Caller) {
    super();
    this.source = source;
    this.caller = caller;
  }
}

/** Changes what new executions of a workflow run. Rejects with `WORKFLOW_NOT_FOUND`, `VERSION_NOT_FOUND`, `VERSION_RETIRED`, `ROUTE_TAKEN`. */
export class ChangeWorkflow extends Command<Accepted> {
  readonly workflow: string;
  readonly change: WorkflowCommand;
  readonly caller: Caller;

  constructor(workflow: string, change: WorkflowCommand, caller: Caller) {
    super();
    this.workflow = workflow;
    this.change = change;
    this.caller = caller;
  }
}

/** Pauses or resumes the schedule of a workflow. Rejects with `SCHEDULE_NOT_FOUND`. */
export class ChangeSchedule extends Command<Accepted> {
  readonly workflow: string;
  readonly change: ScheduleCommand;
  readonly caller: Caller;

  constructor(workflow: string, change: ScheduleCommand, caller: Caller) {
    super();
    this.workflow = workflow;
    this.change = change;
    this.caller = caller;
  }
}

/** No trigger but somebody's wish. */
export const BY_HAND: StartTrigger = Object.freeze({ name: 'manual', event: null });

/** An execution that was started; `created` is false when its key had started it before. */
export interface StartedExecution extends Accepted {
  readonly executionId: string;
  readonly created: boolean;
}

/** What starts an execution, when it is nobody's hand: its name, and what it says as `event`. */
export interface StartTrigger {
  readonly name: string;
  readonly event: Json;
}

/**
 * Starts an execution, by hand unless another trigger is named. Rejects with `WORKFLOW_NOT_FOUND`, `VERSION_NOT_FOUND`, `WORKFLOW_RETIRED`, `VERSION_RETIRED`,
 * `INVALID_INPUT`, `PAYLOAD_TOO_LARGE`, `OVERLOADED`.
 */
export class StartExecution extends Command<StartedExecution> {
  readonly workflow: string;
  readonly input: Json;
  readonly idempotencyKey: string | undefined;
  readonly caller: Caller;
  readonly trigger: StartTrigger;
  /** Number of the version that is to be run; the workflow's default unless it is given. */
  readonly version: number | undefined;
  /** What it is to be found by, besides what its definition says. */
  readonly tags: readonly string[];

  constructor(
    workflow: string,
    input: Json,
    idempotencyKey: string | undefined,
    caller: Caller,
    trigger: StartTrigger = BY_HAND,
    version?: number,
    tags: readonly string[] = [],
  ) {
    super();
    this.workflow = workflow;
    this.input = input;
    this.idempotencyKey = idempotencyKey;
    this.caller = caller;
    this.trigger = trigger;
    this.version = version;
    this.tags = tags;
  }
}

/** The event as it was accepted, and what it started. */
export interface EmittedEvent extends Accepted {
  readonly eventId: string;
  readonly executions: readonly StartedExecution[];
  /** Workflows of which one runs at a time, and the execution that does. */
  readonly skipped: readonly SkippedStart[];
  /** Workflows that are started by several events, for which it waits with others. */
  readonly gathered: readonly GatheredStart[];
}

/** What an event does not start, since that execution runs. */
export interface SkippedStart {
  readonly workflow: string;
  readonly running: string;
}

/** What an event is to start with so many others, it among them: at `dueAt` (ms since the Unix epoch) unless more come. */
export interface GatheredStart {
  readonly workflow: string;
  readonly count: number;
  readonly dueAt: number;
}

/** Accepts an event from outside and starts every workflow whose trigger it meets. Rejects with `PAYLOAD_TOO_LARGE`, `OVERLOADED`. */
export class EmitEvent extends Command<EmittedEvent> {
  readonly type: string;
  readonly payload: Json;
  readonly idempotencyKey: string | undefined;
  readonly caller: Caller;

  constructor(type: string, payload: Json, idempotencyKey: string | undefined, caller: Caller) {
    super();
    this.type = type;
    this.payload = payload;
    this.idempotencyKey = idempotencyKey;
    this.caller = caller;
  }
}

/** Sends a signal to an execution. Rejects with `EXECUTION_NOT_FOUND`, `EXECUTION_ENDED`, `PAYLOAD_TOO_LARGE`. */
export class SignalExecution extends Command<Accepted> {
  readonly executionId: string;
  readonly signal: string;
  readonly payload: Json;
  readonly caller: Caller;

  constructor(executionId: string, signal: string, payload: Json, caller: Caller) {
    super();
    this.executionId = executionId;
    this.signal = signal;
    this.payload = payload;
    this.caller = caller;
  }
}

/** What an operator asked for is so; `changed` is false when it was so before. */
export interface Operated extends Accepted {
  readonly changed: boolean;
}

/**
 * Does to an execution what an operator asks. Rejects with `EXECUTION_NOT_FOUND`, `EXECUTION_ENDED`,
 * `EXECUTION_COMPENSATING`, `EXECUTION_NOT_FAILED`, `NOTHING_TO_RETRY`, `NOTHING_TO_COMPENSATE`, `STEP_NOT_FOUND`, `STEP_NOT_ACTIVE`,
 * `INVALID_OUTPUT`, `PAYLOAD_TOO_LARGE`, each by what is asked.
 */
export class OperateExecution extends Command<Operated> {
  readonly executionId: string;
  readonly operation: OperatorCommand;
  readonly caller: Caller;

  constructor(executionId: string, operation: OperatorCommand, caller: Caller) {
    super();
    this.executionId = executionId;
    this.operation = operation;
    this.caller = caller;
  }
}

/** Whether an execution was migrated, or could be; the reasons why not are only given when nobody asked for more. */
export interface MigratedExecution extends Operated {
  readonly reasons: readonly MigrationReason[];
}

/**
 * Lets an execution go on with the version `to` of its workflow, or, in a dry run, says whether it could. Rejects with
 * `EXECUTION_NOT_FOUND`, `EXECUTION_ENDED`, `VERSION_NOT_FOUND`, `VERSION_RETIRED`, `MIGRATION_REFUSED`.
 */
export class MigrateExecution extends Command<MigratedExecution> {
  readonly executionId: string;
  readonly to: number;
  readonly dryRun: boolean;
  readonly reason: string;
  readonly caller: Caller;

  constructor(executionId: string, to: number, dryRun: boolean, reason: string, caller: Caller) {
    super();
    this.executionId = executionId;
    this.to = to;
    this.dryRun = dryRun;
    this.reason = reason;
    this.caller = caller;
  }
}

/**
 * Lets a projection go past the event that it has stopped at. Rejects with `PROJECTION_NOT_FOUND`,
 * `PROJECTION_NOT_STOPPED` when it has not, or at another one, and `UNAVAILABLE` where another node folds it.
 */
export class ParkEvent extends Command<Accepted> {
  readonly projection: string;
  readonly event: string;
  readonly reason: string;
  readonly caller: Caller;

  constructor(projection: string, event: string, reason: string, caller: Caller) {
    super();
    this.projection = projection;
    this.event = event;
    this.reason = reason;
    this.caller = caller;
  }
}

/** Sends a notification once more. Rejects with `NOTIFICATION_NOT_FOUND`, `NOTIFICATION_PENDING`. */
export class ResendNotification extends Command<Accepted> {
  readonly id: string;
  readonly reason: string;
  readonly caller: Caller;

  constructor(id: string, reason: string, caller: Caller) {
    super();
    this.id = id;
    this.reason = reason;
    this.caller = caller;
  }
}
