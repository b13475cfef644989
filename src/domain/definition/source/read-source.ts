import { parseDocument, type Document } from 'yaml';
import type { Json } from '../../json.ts';
import type { Problem } from '../definition.ts';
import { dotted } from '../report.ts';
import { linesOf, locatorOf, placeAt, type Lines, type Locate } from './locate.ts';
import { maskExpressions, type Masked } from './mask.ts';
import { checkText, withoutMark } from './text.ts';
import { toJson, Unbounded, type Complain, type Targets } from './to-json.ts';

/** A source that was read: its value, where in the text each part of it stands, and what of it could not be read. */
export interface Source {
  readonly value: Json;
  readonly locate: Locate;
  /** Their values are null or 0 in `value`, or left out of it. */
  readonly problems: readonly Problem[];
}

/** Reads YAML 1.2 or JSON. Whatever is wrong is a problem, never an exception. */
export const readSource = (text: string): Source | readonly Problem[] => {
  const source = withoutMark(text);
  const unreadable = checkText(source);
  if (unreadable !== undefined) return [unreadable];
  const masked = maskExpressions(source);
  const lines = linesOf(source);
  const document = parseDocument(masked.text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    // Keys are compared as the texts that they become, which the parser does not.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const problems = syntaxProblems(document, masked, lines);
  if (problems.length > 0) return problems;
  return readTree(document, source, masked, lines);
};

const readTree = (
  document: Document.Parsed,
  source: string,
  { unmask }: Masked,
  lines: Lines,
): Source | readonly Problem[] => {
  const problems: Problem[] = [];
  const complain: Complain = (node, path, code, message) =>
    problems.push({ ...placeAt(lines, node?.range[0] ?? 0), path: dotted(path), code, message });
  let read: { readonly value: Json; readonly targets: Targets };
  try {
    read = toJson(document, unmask, complain);
  } catch (error) {
    if (!(error instanceof Unbounded)) throw error;
    const place = placeAt(lines, error.node?.range[0] ?? 0);
    return [{ ...place, path: '', code: error.code, message: error.message }];
  }
  const { value, targets } = read;
  return { value, problems, locate: locatorOf({ document, source, lines, targets, unmask }) };
};

/** What the parser complains of. What follows from the first on a line is left out. */
const syntaxProblems = (
  { errors, warnings, directives }: Document.Parsed,
  { unmask }: Masked,
  lines: Lines,
): readonly Problem[] => {
  const all = [...errors, ...warnings].sort((left, right) => left.pos[0] - right.pos[0]);
  const tooDeep = all.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  const byLine = new Map<number, Problem>();
  for (const { code, message, pos } of tooDeep === undefined ? all : [tooDeep]) {
    const place = placeAt(lines, pos[0]);
    if (!byLine.has(place.line))
      byLine.set(place.line, { ...place, path: '', ...inWords(code, unmask(message)) });
  }
  if (directives.yaml.explicit === true && directives.yaml.version !== '1.2') {
    const message = `Expected YAML 1.2, but the document says that it is YAML ${directives.yaml.version}.`;
    return [{ line: 1, column: 1, path: '', code: 'YAML_VERSION', message }, ...byLine.values()];
  }
  return [...byLine.values()];
};

const inWords = (code: string, message: string): Pick<Problem, 'code' | 'message'> => {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return { code: 'INVALID_YAML', message: 'Expected one document, but another begins here.' };
    case 'RESOURCE_EXHAUSTION':
      return { code: 'TOO_DEEP', message: 'Expected at most 64 levels, but there are many more.' };
    case 'TAG_RESOLVE_FAILED':
      return {
        code: 'BAD_TAG',
        message: `Expected no tags but those of JSON's values, but found: ${message}.`,
      };
    default:
      return { code: 'INVALID_YAML', message: `Expected YAML or JSON, but the parser says: ${message}.` };
  }
};
