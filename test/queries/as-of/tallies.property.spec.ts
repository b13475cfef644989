import { expect, onTestFinished, test } from 'vitest';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import type { StoredDocument } from '../../../src/ports/read-models.ts';
import type { LogMoment } from '../../../src/queries/as-of/as-of.ts';
import { createTallies } from '../../../src/queries/as-of/tallies.ts';
import { createTallySnapshots } from '../../../src/queries/as-of/tally-snapshots.ts';
import { openStores } from '../../projections/stores.ts';
import { documentsIn } from '../../replay/fold-history.ts';
import { readHistories, recordedEvents, sealedCommits } from '../../replay/history.ts';
import { handClock } from '../../spec/clock.ts';

const LATER = Date.parse('2100-01-01T00:00:00Z');
const DAY = { from: 0, to: LATER };

/** Every moment of a log, and the events that had happened by then. */
const momentsOf = (
  events: readonly RecordedEvent[],
): readonly { readonly moment: LogMoment; readonly events: readonly RecordedEvent[] }[] => [
  ...events.map(({ position }) => ({
    moment: { by: 'position', position } as const,
    events: events.filter((event) => event.position <= position),
  })),
  ...[...new Set(events.map(({ commit }) => commit.metadata.at))].map((at) => {
    const later = events.findIndex(({ commit }) => commit.metadata.at > at);
    return { moment: { by: 'at', at } as const, events: later === -1 ? events : events.slice(0, later) };
  }),
];

const plain = (documents: ReadonlyMap<string, StoredDocument<unknown>>): Record<string, unknown> =>
  Object.fromEntries([...documents].map(([key, { doc }]) => [key, doc]));

const counted = (events: readonly RecordedEvent[]): readonly unknown[] => {
  const { active = {}, outcomes = {} } = documentsIn(events);
  return [active, outcomes];
};

const NEVER = { every: 1_000_000, each: 1 };
const DENSE = { every: 1, each: 0 };

test.each(readHistories())(
  'the log of the history "$name" has at every position and time the counters that the views had',
  async (history) => {
    const { log, readModels, close } = await openStores();
    onTestFinished(close);
    for (const commit of sealedCommits(history)) await log.append(commit);
    const moments = momentsOf(recordedEvents(history));
    for (const spacing of [NEVER, DENSE]) {
      const tallies = createTallies(log, handClock(LATER), createTallySnapshots(readModels), spacing);
      // Backwards first: snapshots that one has left must be right for those before and behind it.
      for (const { moment, events } of [...moments.toReversed(), ...moments]) {
        const { tally } = await tallies.at(moment, () => DAY);
        expect([moment, plain(tally.active), plain(tally.outcomes)]).toEqual([moment, ...counted(events)]);
      }
    }
  },
);
