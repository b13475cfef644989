import { expect, test } from 'vitest';
import { CountChildren, FindChildren, FindNotificationsOf } from '../../src/queries/each-queries.ts';
import { byStart } from '../../src/queries/executions/order.ts';
import { CountExecutions, FindExecutions } from '../../src/queries/executions/queries.ts';
import { FindNotifications, type NotificationsFilter } from '../../src/queries/queries.ts';
import { notificationRequested, started } from '../projections/samples.ts';
import { happened, type Happened } from '../spec/given.ts';
import { first, openQueries } from './queries.ts';

const PARENTS = ['p0', 'p1', 'p2', 'none'];
const SCOPES = [
  undefined,
  { tenant: 'default', within: undefined },
  { tenant: 'default', within: { workflows: ['odd'], tags: [] } },
  { tenant: 'other', within: undefined },
];

const child = (id: string, parent: string, time: number, workflow: string): Happened => {
  const event = started(workflow);
  return happened(`execution-${id}`, time, { ...event, facts: { ...event.facts, parent } });
};

/** Of p0 there are no children, of p1 one, of p2 two, … and as many were told of each. */
const family: readonly Happened[] = ['p0', 'p1', 'p2', 'p3'].flatMap((parent, many) => [
  happened(`execution-${parent}`, 1, started()),
  ...Array.from({ length: many * 3 }, (_, n) =>
    child(`c${many}${n}`, parent, 100 - n, n % 2 === 0 ? 'even' : 'odd'),
  ),
  ...Array.from({ length: many }, (_, n) =>
    happened(`notification-n${many}${n}`, n, notificationRequested(parent)),
  ),
]);

const about = (execution: string): NotificationsFilter => ({
  workflow: undefined,
  execution,
  recipient: undefined,
  about: undefined,
  status: undefined,
  channel: undefined,
});

test('each has the page of its children that it has alone, and as many, within any scope', async () => {
  const { ask, happen } = await openQueries();
  const end = await happen(...family);
  for (const scope of SCOPES) {
    for (const page of [first(1), first(2), first(20)]) {
      const pages = await ask(new FindChildren(PARENTS, page, end).within(scope));
      const counts = await ask(new CountChildren(PARENTS, end).within(scope));
      expect([...pages.keys()]).toEqual(PARENTS);
      for (const parent of PARENTS) {
        const alone = new FindExecutions({ parent }, byStart('asc'), page, undefined).within(scope);
        expect(pages.get(parent)).toEqual(await ask(alone));
        const counted = new CountExecutions({ parent }, undefined).within(scope);
        expect(counts.get(parent)).toEqual(await ask(counted));
      }
    }
  }
});

test('each has the page of who was told of it that it has alone, within any scope', async () => {
  const { ask, happen } = await openQueries();
  const end = await happen(...family);
  for (const scope of SCOPES) {
    for (const page of [first(1), first(20)]) {
      const pages = await ask(new FindNotificationsOf(PARENTS, page, end).within(scope));
      expect([...pages.keys()]).toEqual(PARENTS);
      for (const execution of PARENTS) {
        const alone = new FindNotifications(about(execution), page, undefined).within(scope);
        expect(pages.get(execution)).toEqual(await ask(alone));
      }
    }
  }
});

test('what belongs to several has pages that are not all empty', async () => {
  const { ask, happen } = await openQueries();
  const end = await happen(...family);
  const children = await ask(new FindChildren(PARENTS, first(4), end));
  const told = await ask(new FindNotificationsOf(PARENTS, first(4), end));
  const sizes = (pages: typeof children | typeof told) =>
    [...pages.values()].map((page) => ('items' in page ? page.items.length : page));
  expect(sizes(children)).toEqual([0, 3, 4, 0]);
  expect(sizes(told)).toEqual([0, 1, 2, 0]);
});
