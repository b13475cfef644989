import type { Pending } from '../../domain/execution/pending.ts';

/** A step, or its undoing, that waits for somebody to serve its activity. */
export interface Offer {
  readonly id: string;
  readonly step: string;
  readonly activity: string;
  readonly compensation: boolean;
}

/** What waits for workers on a node: one a step, in the order in which it came. */
export interface Offers {
  /** Puts one up; harmless when it is up. */
  add(offer: Offer): void;
  /** Takes the first of an activity that is wanted. */
  take(activity: string, isWanted: (offer: Offer) => boolean): Offer | undefined;
  /** Takes down what the execution does not wait for. */
  keepOnly(id: string, pending: readonly Pending[]): void;
  /** Takes down all of these executions. */
  forget(ids: (id: string) => boolean): void;
}

/** Keeps what waits for workers. */
export const createOffers = (): Offers => {
  const byExecution = new Map<string, Map<string, Offer>>();
  const byActivity = new Map<string, Set<Offer>>();

  const remove = (offer: Offer): void => {
    const steps = byExecution.get(offer.id);
    steps?.delete(offer.step);
    if (steps?.size === 0) byExecution.delete(offer.id);
    const others = byActivity.get(offer.activity);
    others?.delete(offer);
    if (others?.size === 0) byActivity.delete(offer.activity);
  };

  const add = (offer: Offer): void => {
    const known = byExecution.get(offer.id)?.get(offer.step);
    if (known?.activity === offer.activity && known.compensation === offer.compensation) return;
    if (known !== undefined) remove(known);
    const steps = byExecution.get(offer.id) ?? new Map<string, Offer>();
    byExecution.set(offer.id, steps.set(offer.step, offer));
    const others = byActivity.get(offer.activity) ?? new Set<Offer>();
    byActivity.set(offer.activity, others.add(offer));
  };

  return {
    add,
    take: (activity, isWanted) => {
      for (const offer of byActivity.get(activity) ?? []) {
        if (!isWanted(offer)) continue;
        remove(offer);
        return offer;
      }
      return undefined;
    },
    keepOnly: (id, pending) => {
      const steps = byExecution.get(id);
      if (steps === undefined) return;
      const wanted = new Set(pending.flatMap((waits) => (waits.kind === 'activity' ? [waits.step] : [])));
      for (const offer of steps.values()) if (!wanted.has(offer.step)) remove(offer);
    },
    forget: (ids) => {
      for (const [id, steps] of byExecution) if (ids(id)) for (const offer of steps.values()) remove(offer);
    },
  };
};
