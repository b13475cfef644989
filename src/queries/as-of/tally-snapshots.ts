import type { Condition, ReadModels, StoredDocument } from '../../ports/read-models.ts';
import { active, type ActiveDocument } from '../../projections/active.projection.ts';
import { outcomes, type OutcomesDocument } from '../../projections/outcomes.projection.ts';
import { ifAnswered } from './if-answered.ts';
import type { Standing, Tally } from './tally.ts';

/** Tallies of the log, kept so that what comes behind them can be folded on from there. A cache: without it answers are the same. */
export interface TallySnapshots {
  /** The furthest one up to a position or a time, which has all outcomes from a time on; none while the store does not answer. */
  before(until: Until, from: number): Promise<Tally | undefined>;
  /** Keeps one; what cannot be kept is not. */
  keep(tally: Tally): Promise<void>;
}

/** Not behind a position of the log, or with nothing that was decided later (ms since the Unix epoch). */
export type Until = { readonly position: bigint } | { readonly latest: number };

/** The collection that they are kept in. */
export const TALLIES = 'tallies';

// What is kept by projections of another version is not used; it is written over when it is due again.
const VERSION = `1:${active.version}:${outcomes.version}`;

/** Of a position as text that sorts as it does. */
const DIGITS = 20;

type Kept<D> = readonly (readonly [key: string, position: string, doc: D])[];

/** A tally as it is kept. */
type TallyDocument = {
  readonly version: string;
  readonly place: string;
  readonly last: Standing;
  readonly at: number;
  readonly latest: number;
  readonly from: number;
  readonly active: Kept<ActiveDocument>;
  readonly outcomes: Kept<OutcomesDocument>;
};

const placeOf = (position: bigint): string => String(position).padStart(DIGITS, '0');

const kept = <D>(documents: Iterable<StoredDocument<D>>): Kept<D> =>
  Array.from(documents, ({ key, position, doc }) => [key, String(position), doc] as const);

const found = <D>(documents: Kept<D>): ReadonlyMap<string, StoredDocument<D>> =>
  new Map(documents.map(([key, position, doc]) => [key, { key, position: BigInt(position), doc }] as const));

const tallyOf = ({ position, doc }: StoredDocument<TallyDocument>): Tally => ({
  position,
  last: doc.last,
  at: doc.at,
  latest: doc.latest,
  from: doc.from,
  active: found(doc.active),
  outcomes: found(doc.outcomes),
});

/** Keeps tallies among the views, in a collection of their own. */
export const createTallySnapshots = (readModels: ReadModels): TallySnapshots => {
  const write = async (tally: Tally, last: Standing): Promise<void> => {
    // Each time: they may be removed while the server runs.
    await readModels.prepare(TALLIES, [
      { fields: ['version', 'place'] },
      { fields: ['version', 'latest', 'place'] },
    ]);
    const { position, at, latest, from } = tally;
    const place = placeOf(position);
    const before = (await readModels.load(TALLIES, [place])).get(place);
    const doc: TallyDocument = {
      version: VERSION,
      place,
      last,
      at,
      latest,
      from,
      active: kept(tally.active.values()),
      outcomes: kept(tally.outcomes.values()),
    };
    // Who else folds the same writes the same.
    await readModels.write(TALLIES, [{ key: place, doc, position, expected: before?.position }]);
  };

  return {
    before: (until, from) =>
      ifAnswered(async () => {
        const where: readonly Condition[] = [
          { field: 'version', op: 'eq', value: VERSION },
          { field: 'from', op: 'lte', value: from },
        ];
        const orderBy = [{ field: 'place', direction: 'desc' }] as const;
        const [nearest] = await readModels.find(
          TALLIES,
          'position' in until
            ? {
                where: [...where, { field: 'place', op: 'lte', value: placeOf(until.position) }],
                orderBy,
                limit: 1,
              }
            : {
                where: [...where, { field: 'latest', op: 'lte', value: until.latest }],
                orderBy: [{ field: 'latest', direction: 'desc' }, ...orderBy],
                limit: 1,
              },
        );
        return nearest && tallyOf(nearest as StoredDocument<unknown> as StoredDocument<TallyDocument>);
      }),
    keep: async (tally) => {
      const { last } = tally;
      if (last !== undefined) await ifAnswered(() => write(tally, last));
    },
  };
};
