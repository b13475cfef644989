import { readFileSync } from 'node:fs';

/** An operation of the page, what it is given, and what it answers: of a subscription each value. */
export interface Shown {
  readonly section: string;
  /** The definition that stands last before it. */
  readonly definition: string;
  readonly operation: string;
  readonly variables: unknown;
  readonly answer: unknown;
  readonly isFollowed: boolean;
}

/** A page's blocks in their order; variables and answers without an operation between them are of the one before. */
export const readPage = (name: string): readonly Shown[] => {
  const text = readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
  const shown: Shown[] = [];
  let [definition, section, operation] = ['', '', ''];
  let variables: unknown = {};
  for (const [, heading, language, block = ''] of text.matchAll(/^## (.+)$|^```([\w ]+)\n([^]*?)^```$/gm)) {
    if (heading !== undefined) section = heading;
    else if (language === 'yaml') definition = block;
    else if (language === 'graphql') [operation, variables] = [block, {}];
    else if (language === 'json variables') variables = JSON.parse(block);
    else if (language === 'json answer' || language === 'json answers') {
      const isFollowed = language === 'json answers';
      shown.push({ section, definition, operation, variables, answer: JSON.parse(block), isFollowed });
    } else throw new Error(`Expected a block that can be run, but found \`\`\`${language} in "${section}".`);
  }
  return shown;
};

const PLACE = /^<(.+)>$/;

const nameIn = (value: unknown): string | undefined =>
  typeof value === 'string' ? PLACE.exec(value)?.[1] : undefined;

/** A value with what its names in angle brackets stand for. Throws for one that nothing has said yet. */
export const filledIn = (value: unknown, known: ReadonlyMap<string, unknown>): unknown => {
  const name = nameIn(value);
  if (name !== undefined) {
    if (!known.has(name))
      throw new Error(`Expected <${name}> to stand in an answer before, but it does not.`);
    return known.get(name);
  }
  if (Array.isArray(value)) return value.map((item) => filledIn(item, known));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, filledIn(part, known)]));
};

const FORMS: Readonly<Record<string, (value: unknown) => boolean>> = {
  time: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
  ms: (value) => typeof value === 'number' && value >= 0,
};

const isNamed = (name: string, value: unknown, known: Map<string, unknown>): boolean => {
  const form = FORMS[name];
  if (form !== undefined) return form(value);
  if (known.has(name)) return known.get(name) === value;
  known.set(name, value);
  return typeof value === 'string' && value !== '';
};

/** Where an answer is not as shown; names in angle brackets are taken down where they come first. */
export const mismatches = (
  shown: unknown,
  found: unknown,
  known: Map<string, unknown>,
  path = 'answer',
): readonly string[] => {
  const wrong = [`${path}: expected ${JSON.stringify(shown)}, but found ${JSON.stringify(found)}`];
  const name = nameIn(shown);
  if (name !== undefined) return isNamed(name, found, known) ? [] : wrong;
  if (typeof shown !== 'object' || shown === null) return shown === found ? [] : wrong;
  if (typeof found !== 'object' || found === null || Array.isArray(shown) !== Array.isArray(found))
    return wrong;
  if (Array.isArray(shown) && Array.isArray(found) && shown.length !== found.length) return wrong;
  const parts = found as Readonly<Record<string, unknown>>;
  return Object.entries(shown).flatMap(([key, part]) =>
    mismatches(part, parts[key], known, `${path}.${key}`),
  );
};
