import type { RecordedEvent } from '../domain/event.ts';
import { current, type EventType, type Recorded } from '../domain/registry.ts';
import type { LogBatch } from '../ports/event-log.ts';

/** A batch of the log with its events in today's form. */
export interface LiftedBatch {
  /** All of the batch that this version can read. */
  readonly events: readonly Recorded[];
  /** Their types, and maybe others. */
  readonly types: ReadonlySet<EventType>;
  readonly position: bigint;
  readonly caughtUp: boolean;
  /** Events that this version cannot read, and why. */
  readonly unreadable: readonly { readonly event: RecordedEvent; readonly cause: unknown }[];
  /** Some of the events are there in brief only. */
  readonly inBrief: boolean;
  /** When the newest event was decided, ms since the Unix epoch. */
  readonly at: number | undefined;
}

/** Brings a batch's events into today's form, once for all projections. */
export const liftBatch = ({ events, position, caughtUp, inBrief }: LogBatch): LiftedBatch => {
  const lifted: Recorded[] = [];
  const types = new Set<EventType>();
  const unreadable: { event: RecordedEvent; cause: unknown }[] = [];
  for (const event of events) {
    try {
      const recorded = current(event);
      lifted.push(recorded);
      types.add(recorded.type);
    } catch (cause) {
      unreadable.push({ event, cause });
    }
  }
  const at = events.at(-1)?.commit.metadata.at;
  return { events: lifted, types, position, caughtUp, unreadable, inBrief: inBrief === true, at };
};

/** What of a batch is not behind a position. */
export const clipped = (batch: LiftedBatch, end: bigint): LiftedBatch =>
  batch.position <= end
    ? batch
    : {
        ...batch,
        position: end,
        events: batch.events.filter(({ position }) => position <= end),
        unreadable: batch.unreadable.filter(({ event }) => event.position <= end),
      };
