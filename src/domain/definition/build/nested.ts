import type { Json, JsonObject } from '../../json.ts';
import type { Path } from '../report.ts';
import { asList, asObject, asText, field } from './fields.ts';

/** A list of steps inside of a step, as it is written. */
export interface NestedList {
  /** The branch that it is, where there are several. */
  readonly key: string;
  readonly path: Path;
  readonly steps: readonly Json[];
  /** Its steps are run once a turn, and are known within that only. */
  readonly isLoop: boolean;
  /** Names that its expressions may use besides those around it. */
  readonly names: readonly string[];
}

/** The list of steps that a definition begins with: its activities, or its saga in short. */
export const firstList = (
  execution: JsonObject,
  root: Path,
): { readonly path: Path; readonly steps: readonly Json[]; readonly namedBy: 'name' | 'activity' } => {
  const activities = asList(execution['activities']);
  if (activities !== undefined) return { path: [...root, 'activities'], steps: activities, namedBy: 'name' };
  const steps = asList(field(execution['saga'], 'steps')) ?? [];
  return { path: [...root, 'saga', 'steps'], steps, namedBy: 'activity' };
};

/** The lists of steps inside of a step. */
export const nestedLists = (step: Json, path: Path): readonly NestedList[] => [
  ...branchesOf(field(field(step, 'parallel'), 'branches'), [...path, 'parallel', 'branches']),
  ...casesOf(field(step, 'switch'), [...path, 'switch']),
  ...turnsOf(field(step, 'foreach'), [...path, 'foreach'], ['item', 'index']),
  ...turnsOf(field(step, 'while'), [...path, 'while'], []),
];

const PLAIN = { isLoop: false, names: [] } as const;

/**
 * Branches are a list of lists of steps, or such lists by name: then in the order of their names, since the order of keys
 * does not count in a definition.
 */
const branchesOf = (branches: Json | undefined, path: Path): readonly NestedList[] => {
  const named = Object.entries(asObject(branches) ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  const numbered = (asList(branches) ?? []).map((list, n): [string | number, Json] => [n, list]);
  return [...named, ...numbered].map(([key, list]) => ({
    key: String(key),
    path: [...path, key],
    steps: asList(list) ?? [],
    ...PLAIN,
  }));
};

const casesOf = (cases: Json | undefined, path: Path): readonly NestedList[] =>
  (asList(cases) ?? []).flatMap((entry, n) => {
    const otherwise = field(entry, 'else') !== undefined;
    const at = otherwise ? 'else' : 'steps';
    const steps = asList(field(entry, at));
    if (steps === undefined) return [];
    return [{ key: otherwise ? 'else' : String(n), path: [...path, n, at], steps, ...PLAIN }];
  });

const turnsOf = (loop: Json | undefined, path: Path, names: readonly string[]): readonly NestedList[] => {
  const steps = asList(field(loop, 'steps'));
  if (steps === undefined) return [];
  const given = names.map((name) => asText(field(loop, name))).filter((name) => name !== undefined);
  return [{ key: '', path: [...path, 'steps'], steps, isLoop: true, names: [...names, ...given] }];
};
