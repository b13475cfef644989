import type { Template } from './definition.ts';

/** The most events that one run is started with. */
export const MOST_GATHERED = 1_000;

/** The last of a burst of events starts a run: `quiet` ms after it, and no later than `max` ms after the first. */
export interface Debounce {
  readonly kind: 'debounce';
  readonly quiet: number;
  readonly max?: number;
}

/** Events start a run together: once `size` of them are there, or `timeout` ms after the first. */
export interface Batch {
  readonly kind: 'batch';
  readonly size: number;
  readonly timeout: number;
}

/** How events are gathered before they start a run: those of each key for themselves, where there is one. */
export type Gathering = (Debounce | Batch) & { readonly key?: Template };
