import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { LogUnavailable, type EventLog } from '../../src/ports/event-log.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { openFold, foldBatch } from '../../src/projections/fold.ts';
import { liftBatch } from '../../src/projections/lift-batch.ts';
import { removeFrom } from '../../src/projections/removals.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import { happened, record, type Happened } from '../spec/given.ts';
import { crashAnywhere } from './crash-anywhere.ts';
import { removed, restored } from './retention-samples.ts';
import { openRunner } from './runner.ts';
import * as s from './samples.ts';
import { documentsOf, liveDocuments } from './stores.ts';

const PATIENT = 30_000;
const NAMES = PROJECTIONS.map(({ name }) => name);

const ran = (id: string): readonly Happened[] => [
  happened(`execution-${id}`, 1, s.started(), s.stepStarted('pay'), s.approvalRequested('ask')),
  happened(`notification-of-${id}`, 2, s.notificationRequested(id)),
  happened(`notification-of-${id}`, 3, s.notificationSent(id, 1)),
  happened(`execution-${id}`, 4, s.stepCompleted('pay', 1), s.completed(1, 3)),
];

const RAN = [...ran('one'), ...ran('two')];

/**
 * Of those that are removed, one is back and told of meanwhile and later, another is back twice, one is retried then, and
 * one stays away.
 */
const HISTORY: readonly Happened[] = [
  ...RAN,
  ...ran('three'),
  happened('execution-four', 5, s.started(), s.stepStarted('pay'), s.failed(5, 1)),
  ...['one', 'two', 'three', 'four'].map((id) => happened(`execution-${id}`, 90, removed())),
  happened('notification-of-one', 91, s.notificationResendRequested('one')),
  happened('execution-one', 92, restored(['of-one'])),
  happened('notification-of-one', 93, s.notificationSent('one', 2)),
  happened('execution-three', 94, restored(['of-three'])),
  happened('execution-three', 95, removed()),
  happened('execution-three', 96, restored(['of-three'])),
  happened('execution-four', 97, restored()),
  happened(
    'execution-four',
    98,
    s.retried('pay'),
    s.stepStarted('pay', 2),
    s.retryScheduled('pay', 1, 2, 99),
  ),
  happened('execution-five', 99, s.started()),
];

const settledAt = async (history: readonly Happened[], batch: number) => {
  const runner = await openRunner();
  const end = await runner.happen(history);
  const projector = runner.start({ projections: PROJECTIONS, batch });
  await projector.waitFor(end, NAMES, PATIENT);
  return { runner, projector, live: await liveDocuments(runner.readModels) };
};

describe('an execution that is back', () => {
  it.each([1, 2, 7, 100])('has all that it had, in batches of %i', async (batch) => {
    const { live } = await settledAt(HISTORY, batch);
    expect(live).toEqual(documentsOf(HISTORY));
    expect(Object.keys(live['executions'] ?? {}).sort()).toEqual(['five', 'four', 'one', 'three']);
    expect(Object.keys(live['notifications'] ?? {}).sort()).toEqual(['of-one', 'of-three']);
    expect(live['notifications']).toMatchObject({ 'of-one': { status: 'sent', attempts: 2 } });
  });

  it('is what it would be had it never been away', async () => {
    const away = [happened('execution-one', 90, removed()), happened('execution-two', 91, removed())];
    const back = ['one', 'two'].map((id) => happened(`execution-${id}`, 92, restored([`of-${id}`])));
    const { live } = await settledAt([...RAN, ...away, ...back], 3);
    expect(live).toEqual(documentsOf(RAN));
  });

  it('is the same in a rebuild', async () => {
    const { runner, projector, live } = await settledAt(HISTORY, 100);
    for (const { name, rebuilt } of await projector.rebuildAll(NAMES))
      expect([name, rebuilt?.comparison?.differing]).toEqual([name, 0]);
    expect(await liveDocuments(runner.readModels)).toEqual(live);
  });

  it('is back whichever answer of the store is lost, once somebody goes on', async () => {
    for await (const { crashAt, live } of crashAnywhere(HISTORY, 9))
      expect(live, `crash at ${crashAt}`).toEqual(documentsOf(HISTORY));
  });

  it('is left alone by a removal of before that comes late', async () => {
    const { runner, live } = await settledAt(HISTORY, 100);
    const late = record(HISTORY).findLast(({ type }) => type === 'execution.removed');
    const upTo = late?.position ?? 0n;
    const part = { events: [], removed: ['three'], restored: [], upTo };
    await removeFrom(runner.readModels, 'executions_1', 'key', part);
    await removeFrom(runner.readModels, 'timeline_1', { field: 'executionId' }, part);
    expect(await liveDocuments(runner.readModels)).toEqual(live);
  });

  it('is told of by nothing that comes behind its return', async () => {
    const runner = await openRunner();
    await runner.happen(HISTORY);
    const events = record(HISTORY);
    const position = events.find(({ type }) => type === 'execution.restored')?.position ?? 0n;
    const notifications = PROJECTIONS.find(({ name }) => name === 'notifications');
    if (notifications === undefined) throw new TypeError('Expected a projection.');
    await runner.readModels.prepare('notifications_1', notifications.indexes);
    const upTo = { events: events.filter((event) => event.position <= position), position, caughtUp: false };
    await foldBatch(runner.readModels, openFold(notifications, 1, 0n), liftBatch(upTo), runner.log);
    const found = await runner.readModels.load('notifications_1', ['of-one']);
    expect(found.get('of-one')).toMatchObject({ position, doc: { status: 'pending', attempts: 1 } });
  });

  it('waits for a log that does not answer', async () => {
    const runner = await openRunner();
    const end = await runner.happen(HISTORY);
    let refused = 0;
    const log: EventLog = {
      ...runner.log,
      read: (stream, options) => {
        if (stream !== 'execution-one' || refused === 3) return runner.log.read(stream, options);
        refused += 1;
        return Promise.reject(new LogUnavailable('It is away.'));
      },
    };
    const projector = startProjector({
      log,
      readModels: runner.readModels,
      projections: PROJECTIONS,
      clock: systemClock(),
    });
    await projector.waitFor(end, NAMES, PATIENT);
    expect(refused).toBe(3);
    expect(await liveDocuments(runner.readModels)).toEqual(documentsOf(HISTORY));
    await projector.stop();
  });

  it('stops a view that cannot fold what it was, at the event, and is passed over where that is parked', async () => {
    const runner = await openRunner();
    const history = [
      ...RAN,
      happened('execution-one', 90, removed()),
      happened('execution-one', 91, restored(['of-one'])),
    ];
    await runner.happen(history);
    const events = record(history);
    const [projection] = PROJECTIONS;
    if (projection === undefined) throw new TypeError('Expected a projection.');
    const bad = events.find(({ type }) => type === 'step.started')?.id ?? '';
    const faulty = {
      ...projection,
      evolve: (...[doc, event]: Parameters<typeof projection.evolve>) => {
        if (event.id === bad && doc?.['revision'] === 0) throw new RangeError('It cannot be folded.');
        return projection.evolve(doc, event);
      },
    };
    await runner.readModels.prepare('executions_1', projection.indexes);
    const batch = liftBatch({ events, position: events.at(-1)?.position ?? 0n, caughtUp: true });
    const after = events.find(({ type }) => type === 'execution.removed')?.position ?? 0n;
    const stopped = await foldBatch(runner.readModels, openFold(faulty, 1, after), batch, runner.log);
    expect(stopped.failure).toMatchObject({ projection: 'executions', eventId: bad });
    const parked = openFold(faulty, 1, after, new Set([bad]));
    expect(await foldBatch(runner.readModels, parked, batch, runner.log)).toMatchObject({
      failure: undefined,
      changed: ['one'],
    });
  });
});
