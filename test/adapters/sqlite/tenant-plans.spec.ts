import { expect, it, onTestFinished } from 'vitest';
import { FindApprovalsHandler } from '../../../src/queries/approvals.handler.ts';
import type { LogsFilter } from '../../../src/queries/logs-filter.ts';
import { FindLogsHandler } from '../../../src/queries/logs.handler.ts';
import { FindNotificationsHandler } from '../../../src/queries/notifications.handler.ts';
import { cursorOf, type PageRequest } from '../../../src/queries/page.ts';
import {
  FindApprovals,
  FindLogs,
  FindNotifications,
  type NotificationsFilter,
} from '../../../src/queries/queries.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { detours, explained, type Explained } from './explained.ts';

const SCOPE = { tenant: 'acme', within: undefined };

/** Ways into an index that come by nothing of another tenant: an execution is of one. */
const WITHIN = /f_tenant=\?|f_execution(\$id)?=\?/;

const open = async (): Promise<Explained> => {
  const store = await explained();
  onTestFinished(() => store.close());
  return store;
};

const pages = (list: string, ...place: readonly number[]): readonly PageRequest[] => [
  { first: 20, after: undefined },
  { first: 20, after: cursorOf(list, { values: place, key: 'x' }) },
];

/** What is done for a view besides searches that begin in what is the tenant's own. */
const astray = (store: Explained, view: string): readonly string[] => {
  const steps = store.plansOf(view);
  const searches = steps.filter((step) => step.startsWith('SEARCH'));
  const others = searches.length === 0 ? ['no search'] : searches.filter((step) => !WITHIN.test(step));
  return [...detours(steps), ...others];
};

it('logs are walked to within a tenant, however many rows others have', async () => {
  const store = await open();
  const handler = new FindLogsHandler(store.views, await temporaryLog());
  const filters: readonly LogsFilter[] = [
    {},
    { from: 1, before: 9 },
    { levels: ['warn', 'error'] },
    { step: 'pay' },
    { workflow: 'orders' },
    { executionId: 'e1' },
  ];
  for (const filter of filters)
    for (const direction of ['asc', 'desc'] as const)
      for (const page of pages(`logs:${direction}`, 3, 0))
        await handler.execute(new FindLogs(filter, direction, page, undefined).within(SCOPE));
  expect(astray(store, 'logs')).toEqual([]);
});

it('decisions that are waited for are walked to within a tenant', async () => {
  const store = await open();
  const handler = new FindApprovalsHandler(store.views);
  for (const assignee of [undefined, 'ann'])
    for (const page of pages(`approvals:${assignee ?? ''}`, 3))
      await handler.execute(new FindApprovals(assignee, page, undefined).within(SCOPE));
  expect(astray(store, 'approvals')).toEqual([]);
});

it('notifications are walked to within a tenant', async () => {
  const store = await open();
  const handler = new FindNotificationsHandler(store.views);
  const nothing: NotificationsFilter = {
    workflow: undefined,
    execution: undefined,
    recipient: undefined,
    about: undefined,
    status: undefined,
    channel: undefined,
  };
  const filters: readonly Partial<NotificationsFilter>[] = [
    {},
    { status: ['dead_lettered'] },
    { workflow: 'orders' },
    { execution: 'e1' },
    { recipient: 'ann' },
  ];
  for (const filter of filters)
    for (const page of pages('notifications', 3))
      await handler.execute(new FindNotifications({ ...nothing, ...filter }, page, undefined).within(SCOPE));
  expect(astray(store, 'notifications')).toEqual([]);
});
