import { setImmediate as turn } from 'node:timers/promises';
import { LogUnavailable } from '../ports/event-log.ts';
import { subscribeWhole, type ReadLog } from '../ports/whole-log.ts';
import { liftBatch, type LiftedBatch } from './lift-batch.ts';
import { advanceMember, stopMember, type Member, type MemberStore } from './member.ts';
import { stopped } from './patience.ts';
import type { Turns } from './turns.ts';

/** Folds those members that can wait, while the main pass leaves time for it. */
export interface LaterPass {
  /** Whether they have folded everything up to here, so that they can go with the main pass. */
  isAt(position: bigint): boolean;
  /** The main pass has gone on from a position by this batch, without them. */
  leave(batch: LiftedBatch, after: bigint): void;
  /** The main pass needs its time for itself. */
  hold(): void;
  /** The main pass waits for the log. */
  go(): void;
  /** Folds until the projector is stopped. */
  run(): Promise<void>;
}

/** What it works with. */
export interface LaterPassParts {
  readonly log: ReadLog;
  readonly store: MemberStore;
  readonly members: readonly Member[];
  readonly turns: Turns;
  readonly signal: AbortSignal;
  /** Where the main pass is. */
  readonly aim: () => bigint;
  /** Some is stored; the keys that changed, by member. */
  readonly advanced: (changed: ReadonlyMap<Member, readonly string[]>) => void;
}

/** Events that are folded at once: the main pass waits for them. */
const CHUNK = 1_024;

/** Batches of the main pass that are kept for it; what is left behind after that, it reads from the log again. */
const KEPT = 8;

/** The least of some positions; `undefined` of none. */
export const least = (positions: readonly bigint[]): bigint | undefined =>
  positions.reduce<bigint | undefined>((low, at) => (low === undefined || at < low ? at : low), undefined);

/** Of a batch what comes next behind a position. */
const chunkOf = (batch: LiftedBatch, after: bigint, aim: bigint): LiftedBatch => {
  const events = batch.events.filter(({ position }) => position > after);
  const last = events.length > CHUNK ? events[CHUNK - 1]?.position : undefined;
  const position = last ?? batch.position;
  return {
    ...batch,
    position,
    caughtUp: batch.caughtUp && position >= aim,
    events: events.slice(0, CHUNK),
    unreadable: batch.unreadable.filter(({ event }) => event.position <= position),
  };
};

/** A pass over what the main pass has left behind, which is nothing yet. */
export const createLaterPass = (parts: LaterPassParts): LaterPass => {
  const { log, store, members, turns, signal, aim } = parts;
  // There may be gaps between them, which are read from the log.
  let kept: { readonly batch: LiftedBatch; readonly after: bigint }[] = [];
  let isHeld = false;
  let wake: () => void = () => undefined;
  signal.addEventListener('abort', () => wake());

  const live = (): readonly Member[] => members.filter((member) => member.live !== undefined);
  const position = (): bigint | undefined => least(live().flatMap((member) => member.live?.position ?? []));

  const readOn = async (after: bigint): Promise<LiftedBatch> => {
    for await (const batch of subscribeWhole(log, { after, signal, batch: CHUNK, withoutPayloads: true })) {
      if (batch.position > after) return liftBatch(batch);
      throw new LogUnavailable(`Expected the log to go on behind ${after}, but it ends there.`);
    }
    throw stopped();
  };

  const tell = (outage: Error | undefined): void => {
    for (const member of live()) {
      member.outage = outage;
      store.tell(member, 'state');
    }
  };

  const next = (after: bigint): Promise<LiftedBatch> | LiftedBatch => {
    kept = kept.filter(({ batch }) => batch.position > after);
    const [first] = kept;
    return first !== undefined && first.after <= after
      ? chunkOf(first.batch, after, aim())
      : store.patience.retry(() => readOn(after), tell);
  };

  const step = async (after: bigint): Promise<void> => {
    const batch = await next(after);
    await turns(async () => {
      // One that has joined meanwhile may be behind what was read.
      const advancing = live().filter(({ live }) => live !== undefined && live.position >= after);
      const changed = await Promise.all(advancing.map((member) => advanceMember(store, member, batch)));
      parts.advanced(new Map(advancing.map((member, index) => [member, changed[index] ?? []])));
    });
  };

  const isWaiting = (): boolean => isHeld && !signal.aborted;

  const untilGoing = async (): Promise<void> => {
    while (isWaiting()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
  };

  return {
    isAt: (position) => live().every(({ live }) => live === undefined || live.position >= position),
    leave: (batch, after) => {
      if (kept.length < KEPT) kept.push({ batch, after });
    },
    hold: () => {
      isHeld = true;
    },
    go: () => {
      isHeld = false;
      wake();
    },
    async run() {
      while (!signal.aborted) {
        await untilGoing();
        const after = position();
        if (after === undefined || after >= aim()) {
          isHeld = true;
          continue;
        }
        try {
          await step(after);
        } catch (error) {
          if (!signal.aborted) for (const member of live()) stopMember(store, member, error);
        }
        // The main pass gets its turn, and whoever else waits.
        await turn();
      }
    },
  };
};
