import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { comesToKeysOf, type ApiKey } from '../domain/access/api-key.ts';
import type { KeyUses, KnownKeys } from '../ports/api-keys.ts';
import { API_KEYS, KEY_USES } from '../ports/tokens.ts';
import { FindApiKeys, type UsedApiKey } from './api-keys.ts';
import { ifAnswered } from './as-of/if-answered.ts';
import { pageOf, placeOf, type Page } from './page.ts';

const LIST = 'api-keys';

/** The last one first, and of those of one time the greatest id. */
const inOrder = (a: Pick<ApiKey, 'createdAt' | 'id'>, b: Pick<ApiKey, 'createdAt' | 'id'>): number =>
  b.createdAt - a.createdAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

/** Answers with keys as the log says now, so that one that was just made or revoked is seen on every node. */
@QueryHandler(FindApiKeys)
export class FindApiKeysHandler implements IQueryHandler<FindApiKeys> {
  readonly #keys: KnownKeys;
  readonly #uses: KeyUses;

  constructor(@Inject(API_KEYS) keys: KnownKeys, @Inject(KEY_USES) uses: KeyUses) {
    this.#keys = keys;
    this.#uses = uses;
  }

  async execute({ tenant, page, scope }: FindApiKeys): Promise<Page<UsedApiKey>> {
    const after = page.after === undefined ? undefined : placeOf(LIST, page.after, 1);
    const [createdAt = 0] = after?.values ?? [];
    const found = (await this.#keys.list())
      .filter((key) => comesToKeysOf(scope, key.tenant) && (tenant === undefined || key.tenant === tenant))
      .filter((key) => after === undefined || inOrder(key, { createdAt, id: after.key }) > 0)
      .toSorted(inOrder)
      .slice(0, page.first + 1);
    // Keys can be looked over while the views are away.
    const used = await ifAnswered(() => this.#uses.of(found.map(({ id }) => id)));
    const keys = found.map((key) => ({ ...key, lastUsedAt: used?.get(key.id) }));
    return pageOf(keys, page.first, LIST, ({ id, createdAt: at }) => ({ values: [at], key: id }));
  }
}
