import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Scope } from '../domain/access/scope.ts';
import type { Condition, StoredDocument } from '../ports/read-models.ts';
import { VIEWS } from '../ports/tokens.ts';
import type { NotificationDocument } from '../projections/notifications.projection.ts';
import { eachOf, type EachOf } from './each-of.ts';
import { FindNotificationsOf } from './each-queries.ts';
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

type Notifications = Page<StoredDocument<NotificationDocument>>;

const listOf = (
  conditions: readonly Condition[],
  scope: Scope | undefined,
): ViewList<NotificationDocument> => ({
  view: 'notifications',
  name: 'notifications',
  where: [...conditions, ...scopeConditions(scope)],
  by: { field: 'requestedAt', direction: 'desc' },
});

/** Answers with notifications by the time that they were asked for, the last one first. */
@QueryHandler(FindNotifications)
export class FindNotificationsHandler implements IQueryHandler<FindNotifications> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  execute({ filter, page, waitFor, scope }: FindNotifications): Promise<Notifications> {
    return findPage(this.#views, listOf(conditionsOf(filter), scope), page, waitFor);
  }
}

/** Answers with who was told of executions, the last one first. */
@QueryHandler(FindNotificationsOf)
export class FindNotificationsOfHandler implements IQueryHandler<FindNotificationsOf> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  execute({ executions, page, waitFor, scope }: FindNotificationsOf): Promise<EachOf<Notifications>> {
    return eachOf(this.#views, executions, (views, execution) => {
      const conditions = [{ field: 'execution', op: 'eq', value: execution }] as const;
      return findPage(views, listOf(conditions, scope), page, waitFor);
    });
  }
}
