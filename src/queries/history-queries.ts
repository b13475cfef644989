import { Query } from '@nestjs/cqrs';
import type { JsonObject } from '../domain/json.ts';
import type { StoredDocument } from '../ports/read-models.ts';
import type { ExecutionDocument } from '../projections/execution-document.ts';
import type { TimelineDocument } from '../projections/timeline-document.ts';
import type { AsOf, LogMoment } from './as-of/as-of.ts';
import type { Idle } from './as-of/idle.ts';
import type { Page, PageRequest } from './page.ts';
import type { WaitFor } from './queries.ts';
import { ScopedQuery } from './scoped-query.ts';

/** An execution in short, as it is or was; `undefined` when there is none, or was not. Rejects with `AS_OF_AHEAD`. */
export class GetExecution extends ScopedQuery<StoredDocument<ExecutionDocument> | undefined> {
  readonly id: string;
  readonly waitFor: WaitFor;
  readonly asOf: AsOf | undefined;

  constructor(id: string, waitFor: WaitFor, asOf?: AsOf) {
    super();
    this.id = id;
    this.waitFor = waitFor;
    this.asOf = asOf;
  }
}

/** Executions as they are, by their ids, without those that there are none of; one look for all of them. */
export class LoadExecutions extends ScopedQuery<ReadonlyMap<string, StoredDocument<ExecutionDocument>>> {
  readonly ids: readonly string[];

  constructor(ids: readonly string[]) {
    super();
    this.ids = ids;
  }
}

/** A page of a timeline. */
export type TimelinePage = Page<StoredDocument<TimelineDocument>> & {
  /** The moment that it is of, as it can be said of other executions too; none where it is as it is now. */
  readonly asOf?: LogMoment;
};

/** A page of an execution's timeline, as it is or was. Rejects with `EXECUTION_NOT_FOUND`, `AS_OF_AHEAD`. */
export class GetTimeline extends ScopedQuery<TimelinePage> {
  readonly executionId: string;
  readonly page: PageRequest;
  readonly waitFor: WaitFor;
  readonly asOf: AsOf | undefined;

  constructor(executionId: string, page: PageRequest, waitFor: WaitFor, asOf?: AsOf) {
    super();
    this.executionId = executionId;
    this.page = page;
    this.waitFor = waitFor;
    this.asOf = asOf;
  }
}

/** How long nothing had happened before entries of timelines began, by their executions and the revisions that they begin at. */
export class GetIdle extends Query<ReadonlyMap<string, ReadonlyMap<number, Idle>>> {
  readonly entries: ReadonlyMap<string, readonly number[]>;

  constructor(entries: ReadonlyMap<string, readonly number[]>) {
    super();
    this.entries = entries;
  }
}

/** The variables of an execution after an event of its stream, read from the log. */
export class GetVariables extends Query<JsonObject> {
  readonly executionId: string;
  readonly revision: number;

  constructor(executionId: string, revision: number) {
    super();
    this.executionId = executionId;
    this.revision = revision;
  }
}
