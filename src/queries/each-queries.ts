import { Query } from '@nestjs/cqrs';
import type { StoredDocument } from '../ports/read-models.ts';
import type { ExecutionDocument } from '../projections/execution-document.ts';
import type { NotificationDocument } from '../projections/notifications.projection.ts';
import type { VersionDocument } from '../projections/versions.projection.ts';
import type { AsOf } from './as-of/as-of.ts';
import type { EachOf } from './each-of.ts';
import type { ExecutionCount } from './executions/queries.ts';
import type { TimelinePage } from './history-queries.ts';
import type { Page, PageRequest } from './page.ts';
import type { WaitFor } from './queries.ts';
import { ScopedQuery } from './scoped-query.ts';

/** A page of the versions of each of some workflows, the latest first. */
export class GetVersions extends Query<EachOf<Page<StoredDocument<VersionDocument>>>> {
  readonly workflows: readonly string[];
  readonly page: PageRequest;

  constructor(workflows: readonly string[], page: PageRequest) {
    super();
    this.workflows = workflows;
    this.page = page;
  }
}

/** A page of the children of each of some executions, by the time that they were started. */
export class FindChildren extends ScopedQuery<EachOf<Page<StoredDocument<ExecutionDocument>>>> {
  readonly parents: readonly string[];
  readonly page: PageRequest;
  readonly waitFor: WaitFor;

  constructor(parents: readonly string[], page: PageRequest, waitFor: WaitFor) {
    super();
    this.parents = parents;
    this.page = page;
    this.waitFor = waitFor;
  }
}

/** How many children each of some executions has, as far as counters say. */
export class CountChildren extends ScopedQuery<EachOf<ExecutionCount>> {
  readonly parents: readonly string[];
  readonly waitFor: WaitFor;

  constructor(parents: readonly string[], waitFor: WaitFor) {
    super();
    this.parents = parents;
    this.waitFor = waitFor;
  }
}

/** A page of who was told of each of some executions, the last one first. */
export class FindNotificationsOf extends ScopedQuery<EachOf<Page<StoredDocument<NotificationDocument>>>> {
  readonly executions: readonly string[];
  readonly page: PageRequest;
  readonly waitFor: WaitFor;

  constructor(executions: readonly string[], page: PageRequest, waitFor: WaitFor) {
    super();
    this.executions = executions;
    this.page = page;
    this.waitFor = waitFor;
  }
}

/**
 * A page of the timeline of each of some executions, as they are or were; one without items of an execution that there is
 * none of, was none of by then, or has nothing in the view so far. A revision is one of each one's own stream.
 */
export class FindTimelines extends ScopedQuery<EachOf<TimelinePage>> {
  readonly executions: readonly string[];
  readonly page: PageRequest;
  readonly waitFor: WaitFor;
  readonly asOf: AsOf | undefined;

  constructor(executions: readonly string[], page: PageRequest, waitFor: WaitFor, asOf?: AsOf) {
    super();
    this.executions = executions;
    this.page = page;
    this.waitFor = waitFor;
    this.asOf = asOf;
  }
}
