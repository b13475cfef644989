import { describe, expect, it } from 'vitest';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { partsOf } from '../../src/projections/removals.ts';
import { current } from '../../src/domain/registry.ts';
import { happened, record, type Happened } from '../spec/given.ts';
import { crashAnywhere } from './crash-anywhere.ts';
import { removed } from './retention-samples.ts';
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

/** Of two executions one is removed; what somebody was told of it is sent once more, and the other goes on. */
const HISTORY: readonly Happened[] = [
  ...ran('one'),
  ...ran('two'),
  ...ran('three'),
  happened('execution-one', 90, removed()),
  happened('execution-four', 91, s.started()),
  happened('execution-three', 92, removed()),
  happened('notification-of-one', 93, s.notificationResendRequested('one')),
  happened('execution-four', 94, s.completed(91, 3)),
];

const keysOf = async (runner: Awaited<ReturnType<typeof openRunner>>) => {
  const live = await liveDocuments(runner.readModels);
  return Object.fromEntries(Object.entries(live).map(([name, docs]) => [name, Object.keys(docs)]));
};

describe('an execution that is removed', () => {
  it.each([1, 2, 7, 100])('takes what is of it with it, and no figure, in batches of %i', async (batch) => {
    const runner = await openRunner();
    const end = await runner.happen(HISTORY);
    const projector = runner.start({ projections: PROJECTIONS, batch });
    await projector.waitFor(end, NAMES, PATIENT);
    expect(await keysOf(runner)).toMatchObject({
      executions: ['four', 'two'],
      notifications: ['of-one', 'of-two'],
      approvals: ['two:ask:1'],
    });
    expect(await liveDocuments(runner.readModels)).toEqual(documentsOf(HISTORY));
    const outcomes = Object.values((await liveDocuments(runner.readModels))['outcomes'] ?? {});
    expect(outcomes).toMatchObject([{ completed: 4 }]);
  });

  it('stays away in a rebuild, which is the same as what is live', async () => {
    const runner = await openRunner();
    await runner.happen(HISTORY.slice(0, 12));
    const projector = runner.start({ projections: PROJECTIONS });
    const end = await runner.happen(HISTORY);
    await projector.waitFor(end, NAMES, PATIENT);
    for (const { name, rebuilt } of await projector.rebuildAll(NAMES))
      expect([name, rebuilt?.comparison?.differing]).toEqual([name, 0]);
    expect(await liveDocuments(runner.readModels)).toEqual(documentsOf(HISTORY));
  });

  it('is away whichever answer of the store is lost, once somebody goes on', async () => {
    for await (const { crashAt, live } of crashAnywhere(HISTORY, 7))
      expect(live, `crash at ${crashAt}`).toEqual(documentsOf(HISTORY));
  });
});

describe('the parts of a batch', () => {
  const events = record(HISTORY).map(current);
  const shown = (after: bigint) =>
    partsOf(events, after).map((part) => ({
      events: part.events.length,
      removed: part.removed,
      upTo: part.upTo,
    }));

  it('are cut only where something comes behind a removal that it tells of', () => {
    const at = (type: string) => events.find((event) => event.type === type)?.position ?? 0n;
    expect(shown(0n)).toEqual([
      { events: 24, removed: ['one', 'three'], upTo: 24n },
      { events: 2, removed: [], upTo: 24n },
    ]);
    expect(at('notification.resend_requested')).toBe(25n);
  });

  it('are not of removals that were carried out', () => {
    expect(shown(24n)).toEqual([{ events: 26, removed: [], upTo: 24n }]);
  });
});
