import type { ApiKey } from '../domain/access/api-key.ts';
import type { Page, PageRequest } from './page.ts';
import { ScopedQuery } from './scoped-query.ts';

/** A key, and when it was used last (ms since the Unix epoch) as far as that is known. */
export interface UsedApiKey extends ApiKey {
  readonly lastUsedAt: number | undefined;
}

/** Keys that were given out, the last one first. Rejects with `BAD_USER_INPUT` for a cursor of another list. */
export class FindApiKeys extends ScopedQuery<Page<UsedApiKey>> {
  /** Of one tenant only. */
  readonly tenant: string | undefined;
  readonly page: PageRequest;

  constructor(tenant: string | undefined, page: PageRequest) {
    super();
    this.tenant = tenant;
    this.page = page;
  }
}
