import { buildDefinition } from './build/build-definition.ts';
import { asObject } from './build/fields.ts';
import { checkChildren, type ChildrenOf } from './build/children.ts';
import { refuseTaken, type TakenBy } from './build/route.ts';
import { warnUnreachable } from './build/unreachable.ts';
import { checkRecipients } from './build/recipients.ts';
import { warnOfRequests } from './build/requests.ts';
import { warnUnserved, type Serves } from './build/served.ts';
import type { Capacity } from '../flow/resources.ts';
import type { KnownRecipients } from '../notification/target.ts';
import { definitionHash } from './canonical.ts';
import type { ParsedDefinition, Problem } from './definition.ts';
import { normalize } from './document.ts';
import { show } from './expression/show.ts';
import { dotted, type Path, type Pointer, type Report } from './report.ts';
import { checkShape } from './schema/check-shape.ts';
import { readSource, type Source } from './source/read-source.ts';

/** More are counted, not listed. */
const MAX_PROBLEMS = 1_000;

/**
 * Reads a definition in YAML or JSON: one that can be run, or every problem that it has, in the order of its lines.
 * Activities that `serves` does not know are worth a warning; a route that is `takenBy` another workflow is a problem, and
 * so is a recipient who is not in the server's `directory`, or worth a warning where it has none. So are children that
 * would wait for it again, as `childrenOf` says, and worth a warning those that there are none of,
 * as are requests of more than the server's `capacity`.
 */
export const parseDefinition = (
  text: string,
  serves: Serves = () => true,
  takenBy: TakenBy = () => undefined,
  directory?: KnownRecipients,
  childrenOf?: ChildrenOf,
  capacity?: Capacity,
): ParsedDefinition => {
  const source = readSource(text);
  if (!('value' in source)) return { ok: false, problems: source };
  const problems = collect(source.problems);
  const warnings = collect([]);
  const root = asObject(source.value);
  if (root === undefined) {
    const message = `Expected a definition with "execution" at its top, but found ${show(source.value)}.`;
    reportTo(source, problems, warnings, (path) => path).problem([], 'WRONG_TYPE', message);
    return { ok: false, problems: problems.inOrder() };
  }
  const shape = reportTo(source, problems, warnings, (path) => path);
  checkShape(root, shape);
  const { document, sourcePath } = normalize(root, shape);
  const hash = definitionHash(document);
  const execution = asObject(document['execution']) ?? {};
  const report = reportTo(source, problems, warnings, sourcePath);
  const definition = buildDefinition(execution, hash, report);
  refuseTaken(definition, ['execution'], takenBy, report);
  checkRecipients(execution, ['execution'], directory, report);
  if (childrenOf !== undefined) checkChildren(execution, ['execution'], childrenOf, report);
  if (problems.count() > 0) return { ok: false, problems: problems.inOrder() };
  warnUnserved(execution, ['execution'], serves, report);
  if (capacity !== undefined) warnOfRequests(execution, ['execution'], capacity, report);
  warnUnreachable(definition, execution, ['execution'], report);
  return { ok: true, definition, document, warnings: warnings.inOrder() };
};

interface Collection {
  add(path: Path, code: Problem['code'], make: () => Problem): void;
  count(): number;
  inOrder(): readonly Problem[];
}

/** Keeps so many problems that people can read them: finding the place of each of a million takes too long. */
const collect = (first: readonly Problem[]): Collection => {
  const kept = first.slice(0, MAX_PROBLEMS);
  // Nothing more is said of a value that is none of what may stand there.
  const spoiled = new Set(first.filter(({ code }) => code !== 'DUPLICATE_KEY').map(({ path }) => path));
  let count = first.length;
  return {
    add: (path, code, make) => {
      const place = dotted(path);
      if (spoiled.has(place)) return;
      if (code === 'WRONG_TYPE' || code === 'WRONG_VALUE') spoiled.add(place);
      count += 1;
      if (count <= MAX_PROBLEMS) kept.push(make());
    },
    count: () => count,
    inOrder: () => {
      const sorted = [...kept].sort(byPlace);
      const last = sorted.at(-1);
      if (count <= MAX_PROBLEMS || last === undefined) return sorted;
      const message = `Expected at most ${MAX_PROBLEMS} problems to be listed, but there are ${count}.`;
      return [...sorted, { ...last, path: '', code: 'TOO_MANY_PROBLEMS', message }];
    },
  };
};

const reportTo = (
  source: Source,
  problems: Collection,
  warnings: Collection,
  sourcePath: (path: Path) => Path,
): Report => {
  const addTo =
    (collection: Collection) =>
    (path: Path, code: Problem['code'], message: string, pointer?: Pointer): void => {
      const written = sourcePath(path);
      collection.add(written, code, () => ({
        code,
        ...source.locate(written, pointer),
        path: dotted(written),
        message,
      }));
    };
  return { problem: addTo(problems), warning: addTo(warnings) };
};

const byPlace = (left: Problem, right: Problem): number =>
  left.line - right.line || left.column - right.column;
