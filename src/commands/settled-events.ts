import { START } from '../ports/event-log.ts';

/** How far every event that was accepted has started what it starts, as a process that accepts events alone knows. */
export interface SettledEvents {
  /** Every event up to here has. */
  readonly position: bigint;
  /** Something of the log is durable up to here. */
  reach(position: bigint): void;
  /** One that is accepted from now on, or stands strictly behind `after`, has not, until the answer is called. */
  open(after?: bigint): () => void;
}

/** Nothing is known of the log yet. `settled` is called with each event that has started what it starts. */
export const createSettledEvents = (settled: () => void = () => undefined): SettledEvents => {
  let reached = START;
  const open = new Set<{ readonly after: bigint }>();
  return {
    get position() {
      let least = reached;
      for (const { after } of open) if (after < least) least = after;
      return least;
    },
    reach: (position) => {
      if (position > reached) reached = position;
    },
    open: (after = reached) => {
      const mine = { after };
      open.add(mine);
      return () => {
        if (open.delete(mine)) settled();
      };
    },
  };
};
