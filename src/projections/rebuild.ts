import type { Clock } from '../ports/clock.ts';
import { START, type EventLog } from '../ports/event-log.ts';
import { collectionOf } from './collection-of.ts';
import { foldBatch, openFold, type Fold } from './fold.ts';
import { generationsOf, reserveGeneration } from './generations.ts';
import { liftBatch } from './lift-batch.ts';
import type { MainPass } from './main-pass.ts';
import { patiently, positionOf, saveLive, type Member, type MemberStore } from './member.ts';
import { stopped } from './patience.ts';
import type { Rebuilt } from './projector.ts';
import type { Turns } from './turns.ts';

/** What a rebuild works with. */
export interface RebuildParts {
  readonly log: EventLog;
  readonly store: MemberStore;
  readonly clock: Clock;
  /** The main pass's: whoever has the turn stands at a boundary of its batches. */
  readonly turns: Turns;
  readonly main: MainPass;
  readonly signal: AbortSignal;
  readonly batch: number;
}

const takeBatches = (parts: RebuildParts, member: Member, shadow: Fold) => {
  const { log, store, signal, batch } = parts;
  const batches = log.subscribe({ after: START, signal, batch })[Symbol.asyncIterator]();
  return {
    /** Folds a batch into the shadow; answers whether the log had nothing more behind it. */
    async next(): Promise<boolean> {
      const { done, value } = await batches.next();
      if (done === true) throw stopped();
      const lifted = liftBatch(value);
      const folded = await patiently(store, member, () => foldBatch(store.readModels, shadow, lifted));
      if (folded.failure !== undefined) throw folded.failure;
      shadow.position = folded.position;
      shadow.events += folded.events;
      member.rate.add(lifted.events.length);
      if (member.live === undefined) member.at = lifted.at ?? member.at;
      store.tell(member, 'state');
      return lifted.caughtUp;
    },
    end: () => batches.return?.(),
  };
};

/** Makes the documents of the shadow the live ones, at a boundary of the main pass and not behind it. */
const swap = (
  parts: RebuildParts,
  member: Member,
  shadow: Fold,
  next: () => Promise<boolean>,
): Promise<void> =>
  parts.turns(async () => {
    while (isBehind(parts, member, shadow)) await next();
    await saveLive(parts.store, member, shadow, shadow.position);
    member.failure = undefined;
    member.caughtUp = parts.main.caughtUp();
    parts.main.joined();
    parts.store.tell(member, 'documents');
  });

const isBehind = ({ main }: RebuildParts, member: Member, shadow: Fold): boolean =>
  shadow.position < main.position() || shadow.position < positionOf(member);

/** Makes an empty collection beside the live one, of a number that was never used; older ones go. Answers the number. */
const beginShadow = async (parts: RebuildParts, { projection, record }: Member): Promise<number> => {
  const { readModels } = parts.store;
  const { name, indexes } = projection;
  const { live, kept, unfinished, next } = generationsOf(await readModels.projections(), name);
  // Another one is live, and may have been dropped, when a swap came late: then this is all that there is to show.
  const shown = record?.generation ?? live;
  for (const old of [kept, unfinished])
    if (old > 0 && old !== shown) await readModels.drop(collectionOf(name, old));
  await reserveGeneration(readModels, projection, next, shown);
  await readModels.prepare(collectionOf(name, next), indexes);
  return next;
};

/**
 * Folds a projection from the start of the log into the next generation, beside the live one, catches up and swaps.
 * The generation before stays until the next rebuild; what is older goes. The caller sees to it that there is one at a time.
 */
export const rebuildMember = async (parts: RebuildParts, member: Member): Promise<Rebuilt> => {
  const { clock, store } = parts;
  const began = clock.now();
  let shadow = openFold(member.projection, (member.record?.generation ?? 0) + 1, START);
  member.shadow = shadow;
  store.tell(member, 'state');
  try {
    const generation = await patiently(store, member, () => beginShadow(parts, member));
    shadow = openFold(member.projection, generation, START);
    member.shadow = shadow;
    const batches = takeBatches(parts, member, shadow);
    try {
      let caughtUp = false;
      while (!caughtUp && isBehind(parts, member, shadow)) caughtUp = await batches.next();
      await swap(parts, member, shadow, () => batches.next());
    } finally {
      await batches.end();
    }
  } finally {
    member.shadow = undefined;
    store.tell(member, 'state');
  }
  const { generation, events, position } = shadow;
  return { generation, events, duration: clock.now() - began, position };
};
