import type { Gate } from '../domain/execution/admission-events.ts';
import { mergeFailures } from './failure-counts.ts';
import type { Incidents } from './incidents.projection.ts';
import { mergeSketches } from './sketch.ts';

const sum = (all: readonly Incidents[], of: (incidents: Incidents) => number): number =>
  all.reduce((total, incidents) => total + of(incidents), 0);

const mergeRejected = (all: readonly Incidents[]): Incidents['rejected'] => {
  const merged: Partial<Record<Gate, number>> = {};
  for (const [gate, count] of all.flatMap(({ rejected }) => Object.entries(rejected)))
    merged[gate as Gate] = (merged[gate as Gate] ?? 0) + count;
  return merged;
};

/** The incidents of all these documents together; those of several that were merged may be one of them. */
export const mergeIncidents = (all: readonly Incidents[]): Incidents => ({
  retries: sum(all, ({ retries }) => retries),
  reopened: sum(all, ({ reopened }) => reopened),
  opened: sum(all, ({ opened }) => opened),
  rejected: mergeRejected(all),
  waited: mergeSketches(all.map(({ waited }) => waited)),
  failures: mergeFailures(all.map(({ failures }) => failures)),
});
