import type { Definition, Scope, Template } from '../definition/definition.ts';
import { LONGEST_TAG, LONGEST_TEXT, MOST_TAGS, type Search, type SearchValue } from '../definition/search.ts';
import type { Json } from '../json.ts';
import { evaluate } from './evaluate.ts';

/** What an event says of what its execution is found by. */
export type Searchable = {
  readonly search?: Readonly<Record<string, SearchValue>>;
  readonly tags?: readonly string[];
};

// Half of a surrogate pair is no text.
const cut = (text: string, most: number): string => text.slice(0, most).toWellFormed();

const isValue = (value: Json): value is SearchValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Nothing where there is none, or no scalar: what a run is found by never makes it fail. */
const valueOf = (template: Template, scope: Scope): SearchValue | undefined => {
  const found = evaluate(() => template.evaluate(scope));
  if (!found.ok || !isValue(found.value)) return undefined;
  return typeof found.value === 'string' ? cut(found.value, LONGEST_TEXT) : found.value;
};

const attributesOf = ({ attributes }: Search, scope: Scope): Readonly<Record<string, SearchValue>> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, template]) => {
      const value = valueOf(template, scope);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

const tagsOf = (search: Search | undefined, given: readonly string[], scope: Scope): readonly string[] => {
  const own = (search?.tags ?? []).flatMap((template) => {
    const value = valueOf(template, scope);
    return typeof value === 'string' ? [value] : [];
  });
  const tags = [...given, ...own].map((tag) => cut(tag, LONGEST_TAG)).filter((tag) => tag !== '');
  return [...new Set(tags)].slice(0, MOST_TAGS);
};

/** What a run is found by from its start on; what is not there is left out. */
export const searchAtStart = (
  { search }: Definition,
  scope: Scope,
  given: readonly string[] = [],
): Searchable => {
  const attributes = search === undefined ? {} : attributesOf(search, scope);
  const tags = tagsOf(search, given, scope);
  return {
    ...(Object.keys(attributes).length === 0 ? {} : { search: attributes }),
    ...(tags.length === 0 ? {} : { tags }),
  };
};

/** What a run is found by once it has completed, where that is something else than before. */
export const searchAtEnd = (
  { search }: Definition,
  scope: Scope,
  before: Searchable['search'] = {},
): Pick<Searchable, 'search'> => {
  if (search === undefined) return {};
  const attributes = attributesOf(search, scope);
  const names = new Set([...Object.keys(attributes), ...Object.keys(before)]);
  return [...names].every((name) => attributes[name] === before[name]) ? {} : { search: attributes };
};
