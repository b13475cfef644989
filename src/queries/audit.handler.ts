import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Condition, StoredDocument } from '../ports/read-models.ts';
import { VIEWS } from '../ports/tokens.ts';
import type { AuditDocument } from '../projections/audit.projection.ts';
import { FindAuditEntries, type AuditFilter } from './audit.ts';
import { findPage, type ViewList } from './find-page.ts';
import type { Page } from './page.ts';
import { scopeConditions } from './scope-conditions.ts';
import type { Views } from './views.ts';

const conditionsOf = ({ from, to, outcome, ...equal }: AuditFilter): readonly Condition[] => [
  ...Object.entries(equal).flatMap(([field, value]) =>
    value === undefined ? [] : [{ field, op: 'eq', value } as const],
  ),
  ...(outcome === undefined
    ? []
    : [{ field: 'outcome', op: 'eq', value: outcome === 'refused' ? outcome : null } as const]),
  ...(from === undefined ? [] : [{ field: 'at', op: 'gte', value: from } as const]),
  ...(to === undefined ? [] : [{ field: 'at', op: 'lt', value: to } as const]),
];

/** Answers with who did and read what, of a tenant, by its time. */
@QueryHandler(FindAuditEntries)
export class FindAuditEntriesHandler implements IQueryHandler<FindAuditEntries> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  async execute({
    filter,
    page,
    waitFor,
    scope,
  }: FindAuditEntries): Promise<Page<StoredDocument<AuditDocument>>> {
    const list: ViewList<AuditDocument> = {
      view: 'audit',
      name: 'audit',
      where: [...scopeConditions(scope), ...conditionsOf(filter)],
      by: { field: 'at', direction: 'desc' },
    };
    return findPage(this.#views, list, page, waitFor);
  }
}
