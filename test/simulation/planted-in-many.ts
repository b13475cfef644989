import type { RecordedEvent } from '../../src/domain/event.ts';
import type { Ownership, OwnershipOptions } from '../../src/engine/ownership/types.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import type { Planted } from './world.ts';

const owning =
  (change: (ownership: Ownership) => Partial<Ownership>): NonNullable<Planted['ownership']> =>
  (ownership) =>
    // What is asked for each time must not be what it was at first.
    Object.defineProperties({} as Ownership, {
      ...Object.getOwnPropertyDescriptors(ownership),
      ...Object.getOwnPropertyDescriptors(change(ownership)),
    });

const UNTIL = new Set(['partition.claimed', 'partition.renewed', 'node.announced']);

/** What is said of leases lasts for a third of what was said. */
const shortened = (event: RecordedEvent): RecordedEvent => {
  const { type, facts, commit } = event;
  if (!UNTIL.has(type)) return event;
  const { at } = commit.metadata;
  return { ...event, facts: { ...facts, until: at + (Number(facts['until']) - at) / 3 } };
};

const hearing = (log: EventLog, change: (event: RecordedEvent) => RecordedEvent): EventLog => ({
  ...log,
  read: async (stream, options) => (await log.read(stream, options)).map(change),
  async *subscribe(options) {
    for await (const batch of log.subscribe(options)) yield { ...batch, events: batch.events.map(change) };
  },
});

const joining = (change: (options: OwnershipOptions) => Partial<OwnershipOptions>): Planted => ({
  joining: (options) => ({ ...options, ...change(options) }),
});

/** Bugs that somebody could have written and that only several nodes show, by what they do. */
export const PLANTED_IN_MANY: Readonly<Record<string, Planted>> = {
  'a node that was frozen goes on without a look at its lease': {
    ownership: owning(({ owns }) => ({ holds: owns, takes: owns, whenHeld: async (id) => owns(id) })),
  },
  'a partition is taken over before its lease has ended': joining(({ log }) => ({
    log: hearing(log, shortened),
  })),
  'leases are measured by a clock that is set': joining(({ world }) => ({ elapsed: world.clock.now })),
  'the owner of an execution is not told of what others write to it': {
    ownership: owning(({ serve }) => ({
      serve: (work) => serve({ ...work, changed: () => undefined }),
    })),
  },
  'the owner of a notification is not told that another node has asked for it': {
    ownership: owning(({ serve }) => ({
      serve: (work) => serve({ ...work, notified: () => undefined }),
    })),
  },
  'the owner of a schedule is not told that others resumed it': {
    ownership: owning(({ serve }) => ({
      serve: (work) => serve({ ...work, scheduled: () => undefined }),
    })),
  },
  'what is active in a partition is not taken up with it': {
    ownership: owning(({ serve }) => ({
      serve: (work) => serve({ ...work, gained: () => undefined }),
    })),
  },
};
