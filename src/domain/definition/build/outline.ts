import type { Json, JsonObject } from '../../json.ts';
import type { Place } from '../expression/check-names.ts';
import { asObject, asText, field } from './fields.ts';
import { firstList, nestedLists } from './nested.ts';

/** What expressions of a definition may speak of, known before any of them is read. */
export interface Outline {
  /** The names of all steps, at any depth. */
  readonly steps: ReadonlySet<string>;
  /** Those that are still known when all has run: of a loop's turns nothing is. */
  readonly lasting: ReadonlySet<string>;
  /** What a step's loops call their items, by its name. */
  readonly items: ReadonlyMap<string, readonly string[]>;
  readonly variables: ReadonlySet<string>;
  /** Runs may be started by several events. */
  readonly isBatched: boolean;
}

/** What every run says of itself in `workflow`; no variable can have such a name. */
export const RESERVED: readonly string[] = ['id', 'name', 'started_at'];

interface Written {
  readonly step: Json;
  readonly name: string | undefined;
  readonly items: readonly string[];
}

const allSteps = (list: readonly Json[], name: string, items: readonly string[] = []): readonly Written[] =>
  list.flatMap((step) => [
    { step, name: asText(field(step, name)), items },
    ...nestedLists(step, []).flatMap(({ steps, names }) => allSteps(steps, 'name', [...items, ...names])),
  ]);

/** Collects the names of a definition's steps and variables. */
export const outlineOf = (execution: JsonObject): Outline => {
  const first = firstList(execution, []);
  const steps = allSteps(first.steps, first.namedBy);
  const set = steps.flatMap(({ step }) => [
    ...Object.keys(asObject(field(step, 'output')) ?? {}),
    ...Object.keys(asObject(field(field(step, 'set'), 'variables')) ?? {}),
  ]);
  const declared = Object.keys(asObject(field(execution, 'variables')) ?? {});
  const names = new Set(steps.map(({ name }) => name).filter((name) => name !== undefined));
  return {
    steps: names,
    lasting: first.namedBy === 'name' ? new Set(endedIn(first.steps)) : names,
    items: new Map(steps.map(({ name, items }) => [name ?? '', items])),
    variables: new Set([...RESERVED, ...declared, ...set]),
    isBatched: field(execution['trigger'], 'batch') !== undefined,
  };
};

/** The steps of a list that have ended once its first `count` have: with those in them, but for the turns of loops. */
export const endedIn = (list: readonly Json[], count = list.length): readonly string[] =>
  list.slice(0, count).flatMap((step) => {
    const inner = nestedLists(step, []).filter(({ isLoop }) => !isLoop);
    return [asText(field(step, 'name')) ?? '', ...inner.flatMap(({ steps }) => endedIn(steps))];
  });

/** A place for expressions, where these steps have ended; all, unless it is said which. */
export const placeIn = (
  { steps, variables, isBatched }: Outline,
  names: readonly string[],
  ended: Iterable<string> = steps,
): Place => {
  // Wherever a run is known, so is what it was started by.
  const known = isBatched && names.includes('workflow') ? [...names, 'events'] : names;
  return { names: known, steps, ended: new Set(ended), variables };
};

/** Names that an expression of a step may use. */
export const STEP_NAMES: readonly string[] = ['event', 'input', 'workflow', 'steps'];
