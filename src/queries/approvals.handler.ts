import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Condition, DocumentQuery, StoredDocument } from '../ports/read-models.ts';
import { VIEWS } from '../ports/tokens.ts';
import type { ApprovalDocument } from '../projections/approvals.projection.ts';
import { pageOf, placeOf, type Page, type Place } from './page.ts';
import { FindApprovals } from './queries.ts';
import { scopeConditions } from './scope-conditions.ts';
import type { Views } from './views.ts';

/** Documents that are looked at in one go for those that name an assignee. */
const LOOK = 500;

type Approval = StoredDocument<ApprovalDocument>;

/** Answers with the decisions that are waited for. */
@QueryHandler(FindApprovals)
export class FindApprovalsHandler implements IQueryHandler<FindApprovals> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  async execute({ assignee, page, waitFor, scope }: FindApprovals): Promise<Page<Approval>> {
    const list = `approvals:${assignee ?? ''}`;
    const after = page.after === undefined ? undefined : placeOf(list, page.after, 1);
    await this.#views.reflect(waitFor, 'approvals');
    const found = await this.#pending(assignee, scopeConditions(scope), after, page.first + 1);
    return pageOf(found, page.first, list, placeIn);
  }

  /** The first so many behind a place. Names stand in lists, which no store has an index of. */
  async #pending(
    assignee: string | undefined,
    within: readonly Condition[],
    after: DocumentQuery['after'],
    wanted: number,
  ): Promise<readonly Approval[]> {
    const found: Approval[] = [];
    const limit = assignee === undefined ? wanted : LOOK;
    for (let from = after; ;) {
      const page = await this.#views.find<ApprovalDocument>('approvals', {
        where: [{ field: 'status', op: 'eq', value: 'pending' }, ...within],
        orderBy: [{ field: 'requestedAt', direction: 'asc' }],
        limit,
        ...(from === undefined ? {} : { after: from }),
      });
      found.push(...page.filter(({ doc }) => assignee === undefined || doc.assignees.includes(assignee)));
      const last = page.at(-1);
      if (found.length >= wanted || page.length < limit || last === undefined) return found.slice(0, wanted);
      from = placeIn(last);
    }
  }
}

const placeIn = ({ key, doc }: Approval): Place => ({ values: [doc.requestedAt], key });
