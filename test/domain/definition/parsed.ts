import type { ParsedDefinition } from '../../../src/domain/definition/definition.ts';
import { parseDefinition } from '../../../src/domain/definition/parse.ts';

/** A definition that must be good; throws with its problems otherwise. */
export const parsed = (source: string): Extract<ParsedDefinition, { ok: true }> => {
  const result = parseDefinition(source);
  if (result.ok) return result;
  throw new Error(
    result.problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n'),
  );
};

/** The problems of a definition that must be bad, each as `line:column code path`. */
export const problemsOf = (source: string): readonly string[] => {
  const result = parseDefinition(source);
  if (result.ok) throw new Error('Expected problems, but there is none.');
  return result.problems.map(({ line, column, code, path }) => `${line}:${column} ${code} ${path}`);
};
