import type { RecordedEvent } from '../../src/domain/event.ts';
import { idIn } from '../engine/ownership/ids-in.ts';
import type { Ownership } from '../../src/engine/ownership/types.ts';
import type { SimulatedLog } from './simulated-log.ts';

/** What a process believes of leases. */
export type Believer = Pick<Ownership, 'boot' | 'count' | 'holds' | 'views'>;

const holds = ({ holds, views, count }: Believer, partition: string): boolean =>
  partition === 'views' ? views.holds() : holds(idIn(Number(partition), count));

/** Holds every claim to this: at the moment at which it is in the log, nobody else is certain of the lease. Believers may be added and taken out. */
export const watchClaims = (
  log: SimulatedLog,
  broken: (invariant: string, facts: object) => void,
): Set<Believer> => {
  const believers = new Set<Believer>();
  const look = ({ type, facts, stream }: RecordedEvent): void => {
    if (type !== 'partition.claimed') return;
    for (const believer of believers) {
      if (believer.boot === facts['boot'] || !holds(believer, facts['partition'] as string)) continue;
      // Who has released it may not know yet that this is so, however often it was claimed since, and begins nothing more.
      const last = log.stream(stream).findLast((known) => known.facts['boot'] === believer.boot);
      if (last?.type === 'partition.released') continue;
      broken('nobody claims what another one holds', { ...facts, holder: believer.boot });
    }
  };
  log.onCommit((events) => events.forEach(look));
  return believers;
};
