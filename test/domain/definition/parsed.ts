import type { ParsedDefinition, Problem } from '../../../src/domain/definition/definition.ts';
import { parseDefinition } from '../../../src/domain/definition/parse.ts';

/** A definition that must be good; throws with its problems otherwise. */
export const parsed = (source: string): Extract<ParsedDefinition, { ok: true }> => {
  const result = parseDefinition(source);
  if (result.ok) return result;
  throw new Error(
    result.problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n'),
  );
};

/** The problems of a definition that must be bad. */
export const refused = (source: string): readonly Problem[] => {
  const result = parseDefinition(source);
  if (result.ok) throw new Error('Expected problems, but there is none.');
  return result.problems;
};

/** The problems of a definition that must be bad, each as `line:column code path`. */
export const problemsOf = (source: string): readonly string[] => refused(source).map(inShort);

/** The warnings of a definition that must be good, each as `line:column code path`. */
export const warningsOf = (source: string): readonly string[] => parsed(source).warnings.map(inShort);

const inShort = ({ line, column, code, path }: Problem): string => `${line}:${column} ${code} ${path}`;
