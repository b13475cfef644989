import { buildDefinition } from './build/build-definition.ts';
import { asObject } from './build/fields.ts';
import { definitionHash } from './canonical.ts';
import type { ParsedDefinition, Problem } from './definition.ts';
import { normalize } from './document.ts';
import { show } from './expression/show.ts';
import { dotted, type Path, type Pointer, type Report } from './report.ts';
import { checkShape } from './schema/check-shape.ts';
import { readSource, type Source } from './source/read-source.ts';

/** Reads a definition in YAML or JSON: one that can be run, or every problem that it has, in the order of its lines. */
export const parseDefinition = (text: string): ParsedDefinition => {
  const source = readSource(text);
  if (!('value' in source)) return { ok: false, problems: source };
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const report = reportTo(source, problems, warnings, (path) => path);

  const root = asObject(source.value);
  if (root === undefined) {
    const message = `Expected a definition with "execution" at its top, but found ${show(source.value)}.`;
    report.problem([], 'WRONG_TYPE', message);
    return { ok: false, problems };
  }
  checkShape(root, report);
  const { document, sourcePath } = normalize(root, report);
  const hash = definitionHash(document);
  const execution = asObject(document['execution']) ?? {};
  const definition = buildDefinition(execution, hash, reportTo(source, problems, warnings, sourcePath));
  if (problems.length > 0) return { ok: false, problems: problems.sort(byPlace) };
  return { ok: true, definition, document, warnings: warnings.sort(byPlace) };
};

const reportTo = (
  source: Source,
  problems: Problem[],
  warnings: Problem[],
  sourcePath: (path: Path) => Path,
): Report => {
  const located = (path: Path, code: string, message: string, pointer?: Pointer): Problem => {
    const written = sourcePath(path);
    return { code, ...source.locate(written, pointer), path: dotted(written), message };
  };
  return {
    problem: (...details) => problems.push(located(...details)),
    warning: (...details) => warnings.push(located(...details)),
  };
};

const byPlace = (left: Problem, right: Problem): number =>
  left.line - right.line || left.column - right.column;
