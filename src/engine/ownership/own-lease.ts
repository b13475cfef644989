import { headAfter, NO_STREAM, seal, type StreamHead } from '../../domain/chain.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import type { Holder, LeaseEvent } from '../../domain/partition/events.ts';
import {
  decideLease,
  evolveLease,
  isFree,
  isHeldBy,
  UNCLAIMED,
  type Lease,
  type LeaseCommand,
} from '../../domain/partition/lease.ts';
import { current } from '../../domain/registry.ts';
import { streamOf } from '../../domain/stream.ts';
import type { Envelopes, World } from '../../commands/envelope.ts';
import { WrongExpectedRevision, type EventLog } from '../../ports/event-log.ts';

/** What leases are taken with. */
export interface LeaseParts {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  readonly self: Holder;
  /** How many partitions there are. */
  readonly count: number;
  /** Milliseconds that a lease lasts. */
  readonly lasts: number;
  /** Milliseconds since some time, by a clock that nobody sets. */
  readonly elapsed: () => number;
}

/** A lease as this process sees it. */
export interface OwnLease {
  readonly name: string;
  /**
   * It lasts as long as its last event says, or as its holder has said of all that it holds: measured here since that was
   * heard, and told by this node's clock of now. So it does not matter how the clocks of nodes are set.
   */
  readonly lease: Lease;
  /** When it ends as its holder's own clock has it, ms since the Unix epoch. */
  readonly saidUntil: number;
  /** How many partitions there are, as the last event says; 0 when there was none. */
  readonly count: number;
  /** Whether the last that is known is that it is this process's. It may be over, and taken meanwhile. */
  readonly isMine: boolean;
  /** Whether it is certainly this process's: by both clocks it cannot be over. */
  holds(): boolean;
  /** This process has said that it holds what is certainly its own for longer: for a lease that is, that counts. */
  extend(sure: Sure): void;
  /** Whether this process may claim it now. */
  isFree(): boolean;
  /** Reads how it stands. Rejects as the log does. */
  load(): Promise<void>;
  /** Takes an event of its stream that the log has brought. */
  observe(event: RecordedEvent): void;
  /**
   * Appends what the wish comes to; answers its position, `undefined` when it was refused, or when somebody
   * else was first. Rejects as the log does: then the outcome is not known.
   */
  wish(type: LeaseCommand['type']): Promise<bigint | undefined>;
}

/** Until when something is sure, ms: by the clock of the machine and by the one that nobody sets. */
export interface Sure {
  readonly now: number;
  readonly elapsed: number;
}

/** For how long a holder has said that it is there. */
export interface Said {
  /** By its own clock, ms since the Unix epoch. */
  readonly until: number;
  /** By the clock of this process that nobody sets. */
  readonly over: number;
}

/** The share of a lease's time that two machines' measures of it may differ by. */
const SKEW = 0.1;

/** Until when what is granted now is sure. It counts from before the append: what comes after may take any time. */
export const sureFrom = ({ world, elapsed, lasts }: LeaseParts): Sure => {
  const sure = lasts * (1 - SKEW);
  return { now: world.clock.now() + sure, elapsed: elapsed() + sure };
};

/** When something ends that was said to last until a time of the speaker's clock, by the clock that nobody sets. */
export const endOf = ({ elapsed }: LeaseParts, until: number, saidAt: number): number =>
  elapsed() + Math.max(0, until - saidAt);

/** A lease that nothing is known of yet; `saidBy` answers what a holder has said of how long it is there. */
export const createOwnLease = (
  parts: LeaseParts,
  name: string,
  saidBy: (holder: Holder) => Said,
): OwnLease => {
  const { log, world, self, lasts, elapsed } = parts;
  const stream = streamOf('partition', name);
  let head: StreamHead = NO_STREAM;
  let lease = UNCLAIMED;
  let count = 0;
  let over = -Infinity;
  let surely: Sure = { now: -Infinity, elapsed: -Infinity };

  const known = (): Lease => {
    const { holder } = lease;
    if (holder === undefined) return lease;
    const left = Math.max(over, saidBy(holder).over) - elapsed();
    return { ...lease, until: world.clock.now() + Math.ceil(left) };
  };

  const holds = (): boolean =>
    isHeldBy(lease, self) && world.clock.now() < surely.now && elapsed() < surely.elapsed;

  const apply = (event: LeaseEvent, at: StreamHead, saidAt: number): void => {
    if (at.revision <= head.revision) return;
    head = at;
    lease = evolveLease(lease, event);
    over = endOf(parts, lease.until, saidAt);
    ({ count } = event.facts);
  };

  const observe = (recorded: RecordedEvent): void => {
    const { type, facts, revision, commit } = current(recorded);
    apply({ type, facts } as LeaseEvent, { revision, hash: commit.hash }, commit.metadata.at);
  };

  const load = async (): Promise<void> => {
    const end = await log.head(stream);
    if (end === undefined || end.revision <= head.revision) return;
    // Each event says all there is to know.
    for (const event of await log.read(stream, { from: end.revision })) observe(event);
  };

  const append = async (event: LeaseEvent, now: number): Promise<bigint> => {
    const commit = seal(stream, head, [event], parts.envelopes.open(name, undefined, 'default', now));
    const { position } = await log.append(commit);
    apply(event, headAfter(commit), now);
    return position;
  };

  return {
    name,
    load,
    observe,
    get lease() {
      return known();
    },
    get saidUntil() {
      const { holder, until } = lease;
      return holder === undefined ? until : Math.max(until, saidBy(holder).until);
    },
    get count() {
      return count;
    },
    get isMine() {
      return isHeldBy(lease, self);
    },
    holds,
    extend: (sure) => {
      if (holds()) surely = sure;
    },
    isFree: () => isFree(known(), self, world.clock.now()),
    wish: async (type) => {
      const now = world.clock.now();
      const granted = sureFrom(parts);
      const command = { type, partition: name, count: parts.count, by: self, now, lasts };
      const [event] = decideLease(known(), command);
      if (event === undefined) return undefined;
      try {
        const position = await append(event, now);
        if (type !== 'release') surely = granted;
        return position;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
      await load();
      return undefined;
    },
  };
};
