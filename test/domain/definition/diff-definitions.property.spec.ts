import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  diffDefinitions,
  type ChangedKey,
  type DefinitionDiff,
} from '../../../src/domain/definition/diff/diff-definitions.ts';
import { stepEntries, type StepEntry } from '../../../src/domain/definition/diff/step-entries.ts';
import type { Json, JsonObject } from '../../../src/domain/json.ts';
import { parsed } from './parsed.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

interface Drawn {
  readonly order: readonly string[];
  readonly count: number;
  readonly inner: readonly [number, number];
  readonly activities: readonly string[];
  readonly kind: number;
  readonly block: Json;
}

/** Some of the names in some order, a run of them in a block where there is one. */
const drawn = fc
  .record<Drawn>({
    order: fc.shuffledSubarray(NAMES, { minLength: NAMES.length }),
    count: fc.integer({ min: 2, max: NAMES.length }),
    inner: fc.tuple(fc.nat(6), fc.nat(6)),
    activities: fc.array(fc.constantFrom('call', 'post', 'mail'), { minLength: 7, maxLength: 7 }),
    kind: fc.nat(2),
    block: fc.constantFrom<Json>({}, { x: 1 }, { x: 1, y: 2 }),
  })
  .map(({ order, count, inner: [from, many], activities, kind, block }) => {
    const steps = order.slice(0, count).map((name, n) => ({ name, activity: activities[n] ?? 'call' }));
    const inner = kind === 0 ? [] : steps.splice(from, many);
    const holder =
      kind === 1 ? { parallel: { branches: { left: inner } } } : { while: { condition: true, steps: inner } };
    const activitiesBlock = inner.length === 0 ? steps : [...steps, { name: 'holder', ...holder }];
    const execution = { workflow: 'w', variables: block, activities: activitiesBlock };
    return activitiesBlock.length === 0 ? { workflow: 'w', activities: [{ name: 'a' }] } : execution;
  })
  .map((execution) => parsed(JSON.stringify({ execution })).document);

const executionOf = (document: JsonObject): JsonObject => document['execution'] as JsonObject;

const formsOf = (document: JsonObject): Readonly<Record<string, JsonObject>> =>
  Object.fromEntries(stepEntries(executionOf(document)).map(({ name, form }) => [name, form]));

const withKeys = (form: JsonObject, keys: readonly ChangedKey[]): JsonObject => {
  const changed: Record<string, Json> = { ...form };
  for (const { key, to } of keys)
    if (to === undefined) delete changed[key];
    else changed[key] = to;
  return changed;
};

/** The steps of a definition once the difference is made, as written. */
const applied = (forms: Readonly<Record<string, JsonObject>>, diff: DefinitionDiff) => {
  const steps = { ...forms };
  for (const { name } of diff.removed) delete steps[name];
  for (const { name, form } of diff.added) steps[name] = form;
  for (const { name, keys } of diff.changed) steps[name] = withKeys(steps[name] ?? {}, keys);
  return steps;
};

/** The names of each list that neither came, went nor moved, in their order. */
const inPlace = (document: JsonObject, others: readonly { readonly name: string }[]) => {
  const gone = new Set(others.map(({ name }) => name));
  const kept = stepEntries(executionOf(document)).filter(({ name }) => !gone.has(name));
  const lists = Map.groupBy(kept, ({ list }: StepEntry) => list);
  return Object.fromEntries([...lists].map(([list, steps]) => [list, steps.map(({ name }) => name)]));
};

it('is nothing between a definition and itself', () => {
  fc.assert(
    fc.property(drawn, (document) => {
      const { variables, activities, ...lists } = diffDefinitions(document, document);
      for (const list of Object.values(lists)) expect(list).toEqual([]);
      for (const names of [variables, activities]) expect(names).toEqual({ added: [], removed: [] });
    }),
  );
});

it('makes one definition the other', () => {
  fc.assert(
    fc.property(drawn, drawn, (from, to) => {
      const diff = diffDefinitions(from, to);
      expect(applied(formsOf(from), diff)).toEqual(formsOf(to));
      const blocks = withKeys({ ...executionOf(from), activities: [] }, diff.blocks);
      expect(blocks).toEqual({ ...executionOf(to), activities: [] });
      const { added, removed, moved } = diff;
      const stay = (document: JsonObject, gone: typeof added) => inPlace(document, [...gone, ...moved]);
      expect(stay(from, removed)).toEqual(stay(to, added));
    }),
  );
});
