import { own, type Json, type JsonObject } from '../../json.ts';
import { asObject, field } from '../build/fields.ts';
import { outlineOf, RESERVED } from '../build/outline.ts';
import { calledActivities } from '../build/served.ts';
import { canonicalText } from '../canonical.ts';
import { keepOrder } from './keep-order.ts';
import { stepEntries, type StepEntry, type StepSpot } from './step-entries.ts';

/** A field that is another than before; absent on the side where it is not there. */
export interface ChangedKey {
  readonly key: string;
  readonly from?: Json;
  readonly to?: Json;
}

/** A step that is written otherwise. */
export interface ChangedStep {
  readonly name: string;
  readonly keys: readonly ChangedKey[];
}

/** A step that stands elsewhere: in another list, or before another step of its list. */
export interface MovedStep {
  readonly name: string;
  readonly from: StepSpot;
  readonly to: StepSpot;
}

/** Names that came and went, in their order. */
export interface ChangedNames {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** What makes one version of a workflow another; steps are known by their names. */
export interface DefinitionDiff {
  readonly added: readonly StepEntry[];
  readonly removed: readonly StepEntry[];
  readonly changed: readonly ChangedStep[];
  readonly moved: readonly MovedStep[];
  /** What stands beside the steps. */
  readonly blocks: readonly ChangedKey[];
  readonly variables: ChangedNames;
  readonly activities: ChangedNames;
}

/** What is to be done to the stored document `from` to make it `to`. */
export const diffDefinitions = (from: JsonObject, to: JsonObject): DefinitionDiff => {
  const one = asObject(from['execution']) ?? {};
  const other = asObject(to['execution']) ?? {};
  const before = new Map(stepEntries(one).map((entry) => [entry.name, entry]));
  const after = new Map(stepEntries(other).map((entry) => [entry.name, entry]));
  const both = [...after.values()].flatMap((entry): readonly Both[] => {
    const known = before.get(entry.name);
    return known === undefined ? [] : [{ name: entry.name, from: known, to: entry }];
  });
  return {
    added: [...after.values()].filter(({ name }) => !before.has(name)),
    removed: [...before.values()].filter(({ name }) => !after.has(name)),
    changed: both.flatMap((step): readonly ChangedStep[] => {
      const keys = changedKeys(step.from.form, step.to.form);
      return keys.length === 0 ? [] : [{ name: step.name, keys }];
    }),
    moved: movedSteps(both),
    blocks: changedKeys(besideSteps(one), besideSteps(other)),
    variables: changedNames(variablesOf(one), variablesOf(other)),
    activities: changedNames(calledActivities(one), calledActivities(other)),
  };
};

interface Both {
  readonly name: string;
  readonly from: StepEntry;
  readonly to: StepEntry;
}

const changedKeys = (from: JsonObject, to: JsonObject): readonly ChangedKey[] =>
  [...new Set([...Object.keys(from), ...Object.keys(to)])].sort().flatMap((key): readonly ChangedKey[] => {
    const [was, is] = [own(from, key), own(to, key)];
    if (was !== undefined && is !== undefined && canonicalText(was) === canonicalText(is)) return [];
    return [{ key, ...(was === undefined ? {} : { from: was }), ...(is === undefined ? {} : { to: is }) }];
  });

/** The fewest steps whose moves explain the order of all. */
const movedSteps = (both: readonly Both[]): readonly MovedStep[] => {
  const stayed = both.filter(({ from, to }) => from.list === to.list);
  const inPlace = new Set(
    [...Map.groupBy(stayed, ({ to }) => to.list).values()].flatMap((steps) => {
      const kept = keepOrder(steps.map(({ from }) => from.index));
      return steps.filter(({ from }) => kept.has(from.index));
    }),
  );
  return both.flatMap((step): readonly MovedStep[] =>
    inPlace.has(step) ? [] : [{ name: step.name, from: spotOf(step.from), to: spotOf(step.to) }],
  );
};

const spotOf = ({ list, index }: StepEntry): StepSpot => ({ list, index });

/** The blocks of a definition without its list of steps: of a saga in short what else it says. */
const besideSteps = (execution: JsonObject): JsonObject => {
  const { activities, workflow: _name, ...blocks } = execution;
  const saga = asObject(blocks['saga']);
  if (activities !== undefined || saga === undefined || field(saga, 'steps') === undefined) return blocks;
  return { ...blocks, saga: { ...saga, steps: [] } };
};

const variablesOf = (execution: JsonObject): readonly string[] =>
  [...outlineOf(execution).variables].filter((name) => !RESERVED.includes(name));

const changedNames = (from: readonly string[], to: readonly string[]): ChangedNames => {
  const [before, after] = [new Set(from), new Set(to)];
  return {
    added: [...after].filter((name) => !before.has(name)).sort(),
    removed: [...before].filter((name) => !after.has(name)).sort(),
  };
};
