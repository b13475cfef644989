import { Query } from '@nestjs/cqrs';
import type { StoredDocument } from '../ports/read-models.ts';
import type { ExecutionDocument } from '../projections/execution-document.ts';
import type { TimelineDocument } from '../projections/timeline-document.ts';
import type { ExecutionsFilter } from './executions/filter.ts';
import { ScopedQuery } from './scoped-query.ts';

/** Entries of timelines by their keys, without those that there are none of, as of a position or later. Rejects with `WAIT_TIMEOUT`. */
export class GetTimelineEntries extends Query<ReadonlyMap<string, StoredDocument<TimelineDocument>>> {
  readonly keys: readonly string[];
  readonly waitFor: bigint;

  constructor(keys: readonly string[], waitFor: bigint) {
    super();
    this.keys = keys;
    this.waitFor = waitFor;
  }
}

/** Those of some executions that meet a filter, as of a position or later. Rejects with `WAIT_TIMEOUT`, `WORKFLOW_NOT_FOUND`, `VERSION_NOT_FOUND`. */
export class PickExecutions extends ScopedQuery<ReadonlyMap<string, StoredDocument<ExecutionDocument>>> {
  readonly ids: readonly string[];
  readonly filter: ExecutionsFilter;
  readonly waitFor: bigint | undefined;

  constructor(ids: readonly string[], filter: ExecutionsFilter, waitFor: bigint | undefined) {
    super();
    this.ids = ids;
    this.filter = filter;
    this.waitFor = waitFor;
  }
}
