import type { ReadModels } from '../../ports/read-models.ts';
import { subscribeWhole, type ReadLog } from '../../ports/whole-log.ts';
import { foldBatch, openFold, type Fold } from '../fold.ts';
import { knownOf } from '../known-documents.ts';
import { clipped, liftBatch, type LiftedBatch } from '../lift-batch.ts';
import { stopped, type Patience } from '../patience.ts';
import type { Projection } from '../projection.ts';
import { RemovalsAhead, type Hand, type Portion } from './crew.ts';
import { hasRemovals } from './indexes.ts';
import { ofShard } from './of-shard.ts';
import { patientLog } from './patient-log.ts';

/** What somebody folds with. */
export interface HandParts {
  readonly log: ReadLog;
  readonly readModels: ReadModels;
  readonly projections: readonly Projection[];
  readonly patience: Patience;
  readonly signal: AbortSignal;
  /** The most events in one batch. */
  readonly batch: number;
  /** Told of each outage, and of its end. */
  readonly told: (outage: Error | undefined) => void;
}

const openPortion = (
  projections: readonly Projection[],
  { projection: name, version, generation, position, parked }: Portion,
): Fold => {
  const projection = projections.find((one) => one.name === name && one.version === version);
  if (projection === undefined)
    throw new TypeError(`Expected one of the projections that there are, but found ${name} ${version}.`);
  const fold = openFold(projection, generation, position, new Set(parked));
  // What others have written the store tells where it is written again, which is little; but who passes over events that
  // cannot be folded is to see all documents as they are.
  fold.known = knownOf(projection, parked.length === 0);
  return fold;
};

/** Somebody who has folded nothing yet. What they know of documents they keep from stretch to stretch. */
export const createHand = ({
  log: untried,
  readModels,
  projections,
  patience,
  signal,
  batch: size,
  told,
}: HandParts): Hand => {
  const log = patientLog(untried, patience);
  const opened = new Map<string, Fold>();

  const foldOf = (portion: Portion): Fold => {
    const name = `${portion.projection} ${portion.generation}`;
    const fold = opened.get(name) ?? openPortion(projections, portion);
    opened.set(name, fold);
    fold.position = portion.position;
    return fold;
  };

  const foldInto = async (fold: Fold, findsRemoved: boolean, batch: LiftedBatch): Promise<number> => {
    if (!findsRemoved && hasRemovals(batch)) throw new RemovalsAhead(fold.collection);
    const folded = await patience.retry(() => foldBatch(readModels, fold, batch, log), told);
    if (folded.failure !== undefined) throw folded.failure;
    fold.position = folded.position;
    return folded.events;
  };

  return {
    async fold({ after, upTo, shard, portions }) {
      const work = portions.map((portion) => ({ ...portion, fold: foldOf(portion) }));
      const options = { after, signal, batch: size, withoutPayloads: true, filter: { shard } };
      const events = new Map<string, number>();
      let at: number | undefined;
      for await (const read of subscribeWhole(log, options)) {
        const batch = ofShard(clipped(liftBatch(read), upTo), shard);
        const folding = work.map(async ({ projection, fold, findsRemoved }) => {
          const folded = await foldInto(fold, findsRemoved, batch);
          events.set(projection, (events.get(projection) ?? 0) + folded);
        });
        // Nobody else may fold what one of them is still at.
        const failed = (await Promise.allSettled(folding)).find((one) => one.status === 'rejected');
        if (failed !== undefined) throw failed.reason;
        at = batch.at ?? at;
        if (read.position >= upTo) return { events, at };
      }
      throw stopped();
    },
  };
};
