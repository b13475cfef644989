import { systemClock } from '../../../src/adapters/system/clock.ts';
import { PROJECTIONS } from '../../../src/projections/catalogue.ts';
import { createPatience } from '../../../src/projections/patience.ts';
import type { Crews, Hand, Stretch } from '../../../src/projections/rebuild/crew.ts';
import { createHand } from '../../../src/projections/rebuild/hand.ts';
import type { Projection } from '../../../src/projections/projection.ts';
import type { Stores } from '../stores.ts';

/** A crew of hands that fold in this thread, and what became of it. */
export interface Watched {
  readonly crews: Crews;
  /** Every stretch that one of them was given. */
  readonly stretches: Stretch[];
  readonly failures: unknown[];
  opened: number;
  closed: number;
}

/** Somebody who folds in this thread. */
export const handOn = (
  { log, readModels }: Pick<Stores, 'log' | 'readModels'>,
  batch: number,
  projections: readonly Projection[] = PROJECTIONS,
): Hand => {
  const { signal } = new AbortController();
  const patience = createPatience(systemClock(), signal);
  return createHand({ log, readModels, projections, patience, signal, batch, told: () => undefined });
};

/** So many hands on stores, for anybody who rebuilds; `before` is called before each stretch. */
export const crewOn = (
  stores: Pick<Stores, 'log' | 'readModels'>,
  size: number,
  before: (stretch: Stretch) => void = () => undefined,
  projections: readonly Projection[] = PROJECTIONS,
): Watched => {
  const hand = (): Hand => {
    const { fold } = handOn(stores, 3, projections);
    return {
      fold: async (stretch) => {
        watched.stretches.push(stretch);
        before(stretch);
        return fold(stretch);
      },
    };
  };
  const watched: Watched = {
    stretches: [],
    failures: [],
    opened: 0,
    closed: 0,
    crews: {
      atLeast: 1,
      failed: (failure) => void watched.failures.push(failure),
      open: () => {
        watched.opened += 1;
        const hands = Array.from({ length: size }, hand);
        return {
          // One more each time that somebody asks, as threads come one by one.
          ready: () => hands.slice(0, watched.stretches.length + 1),
          close: async () => void (watched.closed += 1),
        };
      },
    },
  };
  return watched;
};
