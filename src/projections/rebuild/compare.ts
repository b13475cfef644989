import { digestText, startDigest } from '../../domain/digest.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { ReadModels, StoredText, StrayPlace } from '../../ports/read-models.ts';
import { CorruptDocument, objectOf } from '../../ports/stored-object.ts';
import type { Comparison, Difference, DifferenceKind } from '../projector.ts';
import type { Days } from './days.ts';
import { compareKeys } from './key-order.ts';

/** The most differences that are shown with both forms. */
export const MOST_SHOWN = 100;

const PAGE = 1_000;

/** Each is parsed, which takes longer than to compare it. */
const STRAY_PAGE = 250;

/** Past so many a document that is wrong in two ways counts for both: of more, nobody keeps the keys. */
const MOST_NAMED = 10_000;

/** Two collections that are to be the same. */
export interface Compared {
  readonly readModels: Pick<ReadModels, 'scan' | 'lastKey' | 'load' | 'strays'>;
  /** The one that is folded on meanwhile; `undefined` when there is none, and the other is only counted. */
  readonly live: string | undefined;
  /** Takes what is compared by day, where that is asked for. */
  readonly days: Days | undefined;
  /** The live one is also looked through for what it is come by: not where the other takes its place, which heals it. */
  readonly findsStrays: boolean;
  /** The one that stands still. */
  readonly shadow: string;
  /** To be called between pages, with how many documents, and entries of indexes, were looked at. */
  readonly step: (looked: number) => Promise<void>;
}

/** A comparison under way. */
export interface Comparing {
  /** Goes through everything, while the shadow stands at a position that the live one has passed. */
  scan(upTo: bigint): Promise<void>;
  /** How many documents are still to be looked at again: the live ones were further than the others. */
  open(): number;
  /** Looks at those again. `isLast` when both stand at the same position. */
  again(upTo: bigint, isLast: boolean): Promise<void>;
  result(): {
    readonly shadow: ReturnType<ReturnType<typeof startDigest>['value']>;
    readonly comparison: Comparison | null;
  };
}

const docOf = (text: string | undefined): JsonObject | null =>
  text === undefined ? null : (JSON.parse(text) as JsonObject);

/** A live document as it is shown: somebody may have written over it what is no JSON. */
const shownOf = (text: string | undefined): Json => (text === undefined ? null : (objectOf(text) ?? text));

/** Documents as texts, also those that are no JSON. */
const textsOf = async (
  readModels: Pick<ReadModels, 'load'>,
  collection: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, StoredText>> => {
  const corrupt = new Map<string, StoredText>();
  for (;;) {
    try {
      const left = corrupt.size === 0 ? keys : keys.filter((key) => !corrupt.has(key));
      const texts = new Map<string, StoredText>(corrupt);
      for (const [key, { position, doc }] of await readModels.load(collection, left))
        texts.set(key, { key, position, text: JSON.stringify(doc) });
      return texts;
    } catch (error) {
      if (!(error instanceof CorruptDocument)) throw error;
      corrupt.set(error.stored.key, error.stored);
    }
  }
};

/** Goes through a collection by key up to a last one, a page at a time. */
const pages = (
  { readModels }: Pick<Compared, 'readModels'>,
  collection: string | undefined,
  last: string | undefined,
) => {
  const isBehind = ({ key }: StoredText): boolean => last === undefined || compareKeys(key, last) > 0;
  let page: readonly StoredText[] = [];
  let at = 0;
  let isEnded = collection === undefined;
  return {
    current: () => page[at],
    next: () => void (at += 1),
    /** Whether the next page is to be read first. */
    isDue: () => at === page.length && !isEnded,
    async turn(): Promise<number> {
      const found = collection === undefined ? [] : await readModels.scan(collection, page.at(-1)?.key, PAGE);
      const end = found.at(-1);
      page = end !== undefined && isBehind(end) ? found.filter((one) => !isBehind(one)) : found;
      at = 0;
      isEnded = page.length < PAGE;
      return page.length;
    },
  };
};

/**
 * Compares documents of two collections by their texts, in whichever order their stores are written meanwhile: a live
 * document that is further than the shadow is looked at again once the shadow has got there.
 */
export const createComparing = (compared: Compared): Comparing => {
  const { readModels, live, days, findsStrays, shadow, step } = compared;
  const lives = startDigest();
  const shadows = startDigest();
  const differences: Difference[] = [];
  const named = new Map<string, DifferenceKind>();
  let differing = 0;
  let again = new Set<string>();

  const differ = (difference: Difference): void => {
    const { key, kind } = difference;
    const told = named.get(key);
    if (told === undefined) {
      if (named.size < MOST_NAMED) named.set(key, kind);
      differing += 1;
      if (differences.length < MOST_SHOWN) differences.push(difference);
      return;
    }
    if (told === 'document' || kind === 'index') return;
    // One that is not there is looked at again behind the strays, and what is left in the indexes of it would read as too much.
    named.set(key, kind);
    const shown = differences.findIndex((one) => one.key === key);
    if (shown !== -1) differences[shown] = difference;
  };

  const findStrays = async (collection: string, upTo: bigint): Promise<void> => {
    let from: StrayPlace | undefined;
    do {
      const { strays, looked, next } = await readModels.strays(collection, from, STRAY_PAGE, upTo);
      for (const { key, found, expected } of strays)
        differ({ key, kind: 'index', live: found, rebuilt: expected });
      if (looked > 0) await step(looked);
      from = next;
    } while (from !== undefined);
  };

  const take = (key: string, one: string | undefined, other: string | undefined): void => {
    const digested = one === undefined ? undefined : digestText(key, one);
    if (digested !== undefined) lives.addDigested(digested);
    // Most are the same, and digesting takes the most of comparing.
    if (other !== undefined)
      shadows.addDigested(one === other && digested ? digested : digestText(key, other));
    if (live === undefined) return;
    days?.take(key, one, other);
    if (one === other) return;
    differ({ key, kind: 'document', live: shownOf(one), rebuilt: docOf(other) });
  };

  const lastKey = async (): Promise<string | undefined> => {
    const both = [shadow, ...(live === undefined ? [] : [live])];
    const keys = await Promise.all(both.map((one) => readModels.lastKey(one)));
    return keys
      .filter((key) => key !== undefined)
      .toSorted(compareKeys)
      .at(-1);
  };

  const scanBoth = async (upTo: bigint): Promise<void> => {
    // Most keys are made in order: who went on to what is added meanwhile, more slowly than it is, would never be through.
    const last = await lastKey();
    const left = pages(compared, live, last);
    const right = pages(compared, shadow, last);
    for (;;) {
      const read = (left.isDue() ? await left.turn() : 0) + (right.isDue() ? await right.turn() : 0);
      if (read > 0) await step(read);
      const one = left.current();
      const other = right.current();
      if (one === undefined && other === undefined) return;
      const order = one === undefined ? 1 : other === undefined ? -1 : compareKeys(one.key, other.key);
      const key = (order <= 0 ? one?.key : other?.key) ?? '';
      // The live one may have been removed behind where the other stands.
      const isGone = live !== undefined && order > 0;
      if (isGone || (order <= 0 && one !== undefined && one.position > upTo)) again.add(key);
      else take(key, order <= 0 ? one?.text : undefined, order >= 0 ? other?.text : undefined);
      if (order <= 0) left.next();
      if (order >= 0) right.next();
    }
  };

  return {
    async scan(upTo) {
      await scanBoth(upTo);
      if (findsStrays && live !== undefined) await findStrays(live, upTo);
    },
    open: () => again.size,
    async again(upTo, isLast) {
      const keys = [...again];
      again = new Set();
      if (live === undefined) return;
      for (let from = 0; from < keys.length; from += PAGE) {
        const some = keys.slice(from, from + PAGE);
        // The live one first: what it gets in between is at most looked at once more.
        const ones = await textsOf(readModels, live, some);
        const others = await textsOf(readModels, shadow, some);
        for (const key of some) {
          const one = ones.get(key);
          const other = others.get(key);
          if (!isLast && (one === undefined || one.position > upTo)) again.add(key);
          else take(key, one?.text, other?.text);
        }
      }
    },
    result: () => {
      const comparison =
        live === undefined
          ? null
          : { live: lives.value(), differing, differences, days: days?.value() ?? [] };
      return { shadow: shadows.value(), comparison };
    },
  };
};
