import { onTestFinished } from 'vitest';
import { createEnvelopes } from '../../../src/commands/envelope.ts';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import { SCHEMA } from '../../../src/domain/registry.ts';
import { startOwnership } from '../../../src/engine/ownership/ownership.ts';
import type { Ownership, PartitionWork } from '../../../src/engine/ownership/types.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { LogUnavailable, type EventLog } from '../../../src/ports/event-log.ts';
import { handClock, type HandClock } from '../../spec/clock.ts';
import { countingIds } from '../../spec/ids.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { idIn } from './ids-in.ts';
import { watchLog } from './watch-log.ts';

/** Milliseconds that a lease lasts here. */
export const LEASE = 900;

/** A node that does nothing with its partitions but remember what it was told. */
export interface SpecNode {
  readonly ownership: Ownership;
  /** What it was told, in order. */
  readonly told: readonly string[];
  /** Messages of its log. */
  readonly logged: readonly string[];
  /** Partitions that it holds for certain, ascending. */
  partitions(): readonly number[];
  /** Whether the views were given to it. */
  folds(): boolean;
  /** From now on its appends fail: the log is away for it. */
  cutOff(cut: boolean): void;
  /** What its partitions' drains come to (default: at once, in time). */
  drains(drained: Promise<boolean>): void;
  /** From now on the log tells it nothing of what nodes say of themselves; it can still read that. */
  mute(): void;
  /** Its appends are carried out when the promise is settled. */
  delay(until: Promise<void>): void;
  /** From now on what it follows is of a later version than it knows. */
  outdate(): void;
  /** Moves its clock that nobody sets, beside the one that all share. */
  skip(ms: number): void;
}

/** How a node is started. */
export interface SpecNodeOptions {
  readonly count?: number;
  /** Numbers the processes of a node: a later one has a greater number. */
  readonly boot?: number;
  /** Whether it takes partitions (default true). */
  readonly serves?: boolean;
  /** Ms that its machine's clock is ahead of the others' (default 0). */
  readonly ahead?: number;
}

/** Nodes on one log and one clock. */
export interface SpecCluster {
  readonly log: EventLog;
  readonly clock: HandClock;
  start(name: string, options?: SpecNodeOptions): SpecNode;
  /** Lets time pass, a bit at a time, until something holds. */
  until(holds: () => boolean): Promise<void>;
  /** Lets so much time pass, with everything that comes of it. */
  pass(ms: number): Promise<void>;
}

/** Unlike that of any other node, and greater the later. */
const bootOf = (name: string, boot: number): string =>
  `${name.charCodeAt(0).toString(16).padStart(8, '0')}-0000-7000-8000-${String(boot).padStart(12, '0')}`;

/** A bit of time. */
const STEP = 25;
/** Whatever is to come, comes before so much time has passed. */
const LONGEST = 20 * LEASE;

/** The clock of a machine that is ahead by so many ms. */
const clockAhead = (clock: Clock, ahead: number): Clock => ({
  now: () => clock.now() + ahead,
  schedule: (at, fire) => clock.schedule(at - ahead, fire),
  after: clock.after,
});

const ofLater = (event: RecordedEvent): RecordedEvent => ({
  ...event,
  commit: { ...event.commit, metadata: { ...event.commit.metadata, schema: SCHEMA + 1 } },
});

/** Opens a log for nodes, until the test is finished. */
export const openCluster = async (): Promise<SpecCluster> => {
  const watched = watchLog(await temporaryLog());
  const { log } = watched;
  const clock = handClock();
  const step = async (): Promise<void> => {
    clock.advance(STEP);
    await watched.settled();
  };
  return {
    log,
    clock,
    until: async (holds) => {
      const end = clock.now() + LONGEST;
      while (!holds()) {
        if (clock.now() >= end) throw new Error(`Expected ${holds.toString()}, but it never came.`);
        await step();
      }
    },
    pass: async (ms) => {
      for (let passed = 0; passed < ms; passed += STEP) await step();
    },
    start: (name, { count = 4, boot = 1, serves = true, ahead = 0 } = {}) => {
      const told: string[] = [];
      const logged: string[] = [];
      let away = false;
      let outdated = false;
      let muted = false;
      let delayed = Promise.resolve();
      let views = false;
      let skipped = 0;
      let drained = Promise.resolve(true);
      const write = (_fields: object, message: string): void => void logged.push(message);
      const ids = countingIds(0.5, name.charCodeAt(0) * 16 + boot);
      const ownership = startOwnership({
        log: {
          ...log,
          append: async (commit) => {
            if (away) throw new LogUnavailable('The log is away.');
            await delayed;
            return log.append(commit);
          },
          async *subscribe(options) {
            for await (const { events, ...batch } of log.subscribe(options)) {
              const heard = events.filter(({ stream }) => !muted || stream !== 'partition-nodes');
              yield { ...batch, events: outdated ? heard.map(ofLater) : heard };
            }
          },
        },
        world: { clock: clockAhead(clock, ahead), ids },
        envelopes: createEnvelopes(name, ids),
        self: { node: name, boot: bootOf(name, boot) },
        count,
        lasts: LEASE,
        every: LEASE / 3,
        elapsed: () => clock.now() + skipped,
        folds: true,
        logger: { debug: write, info: write, warn: write, error: write },
      });
      ownership.views.onChange((held) => (views = held));
      const work: PartitionWork = {
        gained: (partitions) => void told.push(`gained ${partitions.join()}`),
        lost: (partition) => void told.push(`lost ${partition}`),
        drained: (partition) => {
          told.push(`drained ${partition}`);
          return drained;
        },
        kept: (partition) => void told.push(`kept ${partition}`),
        changed: (id, revision) => void told.push(`changed ${id}@${revision}`),
        noticed: (id, revision) => void told.push(`noticed ${id}@${revision}`),
        notified: (id) => void told.push(`notified ${id}`),
        scheduled: (workflow) => void told.push(`scheduled ${workflow}`),
        gathered: (id, dueAt) => void told.push(`gathered ${id} ${dueAt}`),
        happened: () => undefined,
        registered: (workflow) => void told.push(`registered ${workflow}`),
      };
      if (serves) ownership.serve(work);
      onTestFinished(async () => {
        away = false;
        await ownership.close();
      });
      return {
        ownership,
        told,
        logged,
        partitions: () =>
          Array.from({ length: count }, (_, n) => n).filter((n) => ownership.holds(idIn(n, count))),
        folds: () => views,
        cutOff: (cut) => (away = cut),
        drains: (promise) => {
          drained = promise;
        },
        mute: () => (muted = true),
        delay: (until) => {
          delayed = until;
        },
        outdate: () => (outdated = true),
        skip: (ms) => (skipped += ms),
      };
    },
  };
};
