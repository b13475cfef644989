import type { StoredDocument } from '../../ports/read-models.ts';
import type { ExecutionDocument } from '../../projections/execution-document.ts';
import type { Page, PageRequest } from '../page.ts';
import type { WaitFor } from '../queries.ts';
import { ScopedQuery } from '../scoped-query.ts';
import type { ExecutionsFilter } from './filter.ts';
import type { ExecutionOrder } from './order.ts';

/** A page of executions in an order. Rejects with `WORKFLOW_NOT_FOUND` and `VERSION_NOT_FOUND` for a filter by a version that there is none of. */
export class FindExecutions extends ScopedQuery<Page<StoredDocument<ExecutionDocument>>> {
  readonly filter: ExecutionsFilter;
  readonly order: ExecutionOrder;
  readonly page: PageRequest;
  readonly waitFor: WaitFor;

  constructor(filter: ExecutionsFilter, order: ExecutionOrder, page: PageRequest, waitFor: WaitFor) {
    super();
    this.filter = filter;
    this.order = order;
    this.page = page;
    this.waitFor = waitFor;
  }
}

/** How many executions there are. */
export interface ExecutionCount {
  readonly count: number;
  /** Otherwise they are at most so many. */
  readonly isExact: boolean;
}

/** How many executions meet a filter, as far as counters say. Rejects as `FindExecutions` does. */
export class CountExecutions extends ScopedQuery<ExecutionCount> {
  readonly filter: ExecutionsFilter;
  readonly waitFor: WaitFor;

  constructor(filter: ExecutionsFilter, waitFor: WaitFor) {
    super();
    this.filter = filter;
    this.waitFor = waitFor;
  }
}
