import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Condition, StoredDocument } from '../ports/read-models.ts';
import { VIEWS } from '../ports/tokens.ts';
import type { NotificationDocument } from '../projections/notifications.projection.ts';
import { findPage, type ViewList } from './find-page.ts';
import type { Page } from './page.ts';
import { FindNotifications, type NotificationsFilter } from './queries.ts';
import { scopeConditions } from './scope-conditions.ts';
import type { Views } from './views.ts';

const conditionsOf = ({ status, channel, ...equal }: NotificationsFilter): readonly Condition[] => [
  ...Object.entries(equal).flatMap(([field, value]) =>
    value === undefined ? [] : [{ field, op: 'eq', value } as const],
  ),
  ...(status === undefined ? [] : [{ field: 'status', op: 'in', values: status } as const]),
  ...(channel === undefined ? [] : [{ field: 'channel', op: 'in', values: channel } as const]),
];

/** Answers with notifications by the time that they were asked for, the last one first. */
@QueryHandler(FindNotifications)
export class FindNotificationsHandler implements IQueryHandler<FindNotifications> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  async execute({
    filter,
    page,
    waitFor,
    scope,
  }: FindNotifications): Promise<Page<StoredDocument<NotificationDocument>>> {
    const list: ViewList<NotificationDocument> = {
      view: 'notifications',
      name: 'notifications',
      where: [...conditionsOf(filter), ...scopeConditions(scope)],
      by: { field: 'requestedAt', direction: 'desc' },
    };
    return findPage(this.#views, list, page, waitFor);
  }
}
