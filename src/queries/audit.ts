import type { StoredDocument } from '../ports/read-models.ts';
import type { AuditDocument } from '../projections/audit.projection.ts';
import type { Page, PageRequest } from './page.ts';
import type { WaitFor } from './queries.ts';
import { ScopedQuery } from './scoped-query.ts';

/** Which entries of the audit log are wanted; all of it must hold. Times are ms since the Unix epoch. */
export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly operation?: string | undefined;
  readonly target?: string | undefined;
  readonly kind?: AuditDocument['kind'] | undefined;
  readonly outcome?: 'allowed' | 'refused' | undefined;
  readonly from?: number | undefined;
  /** Before this one. */
  readonly to?: number | undefined;
}

/** Who did and read what, and who was refused what, the last one first. */
export class FindAuditEntries extends ScopedQuery<Page<StoredDocument<AuditDocument>>> {
  readonly filter: AuditFilter;
  readonly page: PageRequest;
  readonly waitFor: WaitFor;

  constructor(filter: AuditFilter, page: PageRequest, waitFor: WaitFor) {
    super();
    this.filter = filter;
    this.page = page;
    this.waitFor = waitFor;
  }
}
