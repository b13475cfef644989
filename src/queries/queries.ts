import { Query } from '@nestjs/cqrs';
import type { DefinitionDiff } from '../domain/definition/diff/diff-definitions.ts';
import type { Problem } from '../domain/definition/definition.ts';
import type { RecordedEvent } from '../domain/event.ts';
import type { Channel } from '../domain/notification/target.ts';
import type { Scheduled } from '../domain/schedule/decide.ts';
import type { StoredDocument } from '../ports/read-models.ts';
import type { ApprovalDocument } from '../projections/approvals.projection.ts';
import type { NotificationDocument } from '../projections/notifications.projection.ts';
import type { NodeStatus } from '../ports/nodes.ts';
import type { ProjectionStatus } from '../projections/projector.ts';
import type { Window } from '../projections/sum-outcomes.ts';
import type { ScheduleDocument } from '../projections/schedules.projection.ts';
import type { WorkflowDocument } from '../projections/workflows.projection.ts';
import type { LogRow } from '../projections/log-row.ts';
import type { LogMoment } from './as-of/as-of.ts';
import type { LogsFilter } from './logs-filter.ts';
import type { Page, PageRequest } from './page.ts';
import { ScopedQuery } from './scoped-query.ts';

/** The answer reflects at least this position; rejects with `WAIT_TIMEOUT` when that takes too long. */
export type WaitFor = bigint | undefined;

/** The registered workflows by name. */
export class GetWorkflows extends ScopedQuery<Page<StoredDocument<WorkflowDocument>>> {
  readonly page: PageRequest;
  readonly waitFor: WaitFor;

  constructor(page: PageRequest, waitFor: WaitFor) {
    super();
    this.page = page;
    this.waitFor = waitFor;
  }
}

/** A workflow as it was registered last; `undefined` when it never was. */
export class GetWorkflow extends Query<StoredDocument<WorkflowDocument> | undefined> {
  readonly name: string;
  readonly waitFor: WaitFor;

  constructor(name: string, waitFor: WaitFor) {
    super();
    this.name = name;
    this.waitFor = waitFor;
  }
}

/** What a schedule is and comes to. Times are ms since the Unix epoch. */
export interface ScheduleStatus {
  readonly scheduled: Scheduled;
  /** The times that come next; none while it is paused. */
  readonly nextRuns: readonly number[];
  /** What became of times before; `undefined` when none has come yet. */
  readonly document: StoredDocument<ScheduleDocument> | undefined;
}

/** The schedule of a workflow; `undefined` when it has none, or nothing starts it any more. */
export class GetSchedule extends Query<ScheduleStatus | undefined> {
  readonly workflow: string;
  /** How many times that come next are wanted. */
  readonly runs: number;
  readonly waitFor: WaitFor | undefined;

  constructor(workflow: string, runs: number, waitFor?: WaitFor) {
    super();
    this.workflow = workflow;
    this.runs = runs;
    this.waitFor = waitFor;
  }
}

/** What a source would be once it is registered. */
export interface CheckedVersion {
  readonly workflow: string;
  /** Hash of the definition. */
  readonly hash: string;
  /** The number that the version would have, or has. */
  readonly number: number;
  /** False when the latest version says the same: registering it changes nothing. */
  readonly isNew: boolean;
}

/** What is wrong with a source, or what it would be and what is worth a look. */
export interface CheckedDefinition {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** `undefined` when there are problems. */
  readonly version: CheckedVersion | undefined;
}

/** Checks a definition as registering it would, and stores nothing. */
export class CheckDefinition extends Query<CheckedDefinition> {
  readonly source: string;
  readonly waitFor: WaitFor;

  constructor(source: string, waitFor: WaitFor) {
    super();
    this.source = source;
    this.waitFor = waitFor;
  }
}

/** What makes one version of a workflow another. Rejects with `WORKFLOW_NOT_FOUND`, `VERSION_NOT_FOUND`. */
export class DiffDefinitions extends Query<DefinitionDiff> {
  readonly workflow: string;
  /** Numbers of the versions. */
  readonly from: number;
  readonly to: number;

  constructor(workflow: string, from: number, to: number) {
    super();
    this.workflow = workflow;
    this.from = from;
    this.to = to;
  }
}

/** A page of an execution's history, as it stands in the log. Rejects with `EXECUTION_NOT_FOUND`. */
export class GetEvents extends ScopedQuery<Page<RecordedEvent>> {
  readonly executionId: string;
  readonly page: PageRequest;
  readonly waitFor: WaitFor;

  constructor(executionId: string, page: PageRequest, waitFor: WaitFor) {
    super();
    this.executionId = executionId;
    this.page = page;
    this.waitFor = waitFor;
  }
}

/** A page of the decisions that are waited for, those asked for first coming first; of those who name an assignee, if one is given. */
export class FindApprovals extends ScopedQuery<Page<StoredDocument<ApprovalDocument>>> {
  readonly assignee: string | undefined;
  readonly page: PageRequest;
  readonly waitFor: WaitFor;

  constructor(assignee: string | undefined, page: PageRequest, waitFor: WaitFor) {
    super();
    this.assignee = assignee;
    this.page = page;
    this.waitFor = waitFor;
  }
}

/** Which notifications are listed; all of it must hold. */
export interface NotificationsFilter {
  readonly workflow: string | undefined;
  readonly execution: string | undefined;
  readonly recipient: string | undefined;
  readonly about: string | undefined;
  readonly status: readonly NotificationDocument['status'][] | undefined;
  readonly channel: readonly Channel[] | undefined;
}

/** Notifications by the time that they were asked for, the last one first. */
export class FindNotifications extends ScopedQuery<Page<StoredDocument<NotificationDocument>>> {
  readonly filter: NotificationsFilter;
  readonly page: PageRequest;
  readonly waitFor: WaitFor;

  constructor(filter: NotificationsFilter, page: PageRequest, waitFor: WaitFor) {
    super();
    this.filter = filter;
    this.page = page;
    this.waitFor = waitFor;
  }
}

/** A page of rows of the logs of runs, by their time. */
export class FindLogs extends ScopedQuery<Page<LogRow>> {
  readonly filter: LogsFilter;
  readonly direction: 'asc' | 'desc';
  readonly page: PageRequest;
  readonly waitFor: WaitFor;

  constructor(filter: LogsFilter, direction: 'asc' | 'desc', page: PageRequest, waitFor: WaitFor) {
    super();
    this.filter = filter;
    this.direction = direction;
    this.page = page;
    this.waitFor = waitFor;
  }
}

/** Executions that have not ended, by what they are about. */
export interface ActiveCounts {
  readonly queued: number;
  readonly running: number;
  readonly compensating: number;
  readonly paused: number;
}

/** How many executions of a workflow have not ended. */
export interface WorkflowActivity extends ActiveCounts {
  readonly workflow: string;
  /** All of them together. */
  readonly active: number;
}

/** How busy the server is. Durations are ms. */
export interface Monitoring {
  readonly workflow: string | undefined;
  readonly activeWorkflows: number;
  readonly activeByStatus: ActiveCounts;
  /** The workflows that anything of is active, those with the most first. */
  readonly busiest: readonly WorkflowActivity[];
  readonly completedToday: number;
  readonly failedToday: number;
  readonly cancelledToday: number;
  readonly compensatedToday: number;
  /** Of those that completed today; `undefined` when none did. */
  readonly averageDuration: number | undefined;
  /** Of how many may go on at once. As of a moment unknown for a workflow: its definition may have limited that otherwise. */
  readonly currentLoad: 'low' | 'medium' | 'high' | undefined;
  /** What is today in the time zone. */
  readonly today: Window;
  /** Position of the latest event that was counted. */
  readonly position: bigint;
}

/** The counters of one workflow, or of all, as they are or were. Rejects with `WORKFLOW_NOT_FOUND`, `AS_OF_AHEAD`. */
export class GetMonitoring extends Query<Monitoring> {
  readonly workflow: string | undefined;
  readonly timeZone: string;
  readonly waitFor: WaitFor;
  readonly asOf: LogMoment | undefined;

  constructor(workflow: string | undefined, timeZone: string, waitFor: WaitFor, asOf?: LogMoment) {
    super();
    this.workflow = workflow;
    this.timeZone = timeZone;
    this.waitFor = waitFor;
    this.asOf = asOf;
  }
}

/** How far every projection is. */
export class GetProjections extends Query<readonly ProjectionStatus[]> {}

/** The nodes that share the log, and what each of them holds. */
export class GetNodes extends Query<readonly NodeStatus[]> {}
