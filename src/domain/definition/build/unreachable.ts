import type { Definition } from '../definition.ts';
import type { Json, JsonObject } from '../../json.ts';
import { neverReached, type Barrier } from '../reach.ts';
import type { Path, Report } from '../report.ts';
import { asText, field } from './fields.ts';
import { firstList, nestedLists } from './nested.ts';

/** Where each step of a list stands in the document, at any depth, by its name. */
const pathsIn = (list: readonly Json[], at: Path, namedBy: string): readonly (readonly [string, Path])[] =>
  list.flatMap((step, index): readonly (readonly [string, Path])[] => {
    const path = [...at, index];
    return [
      [asText(field(step, namedBy)) ?? '', [...path, namedBy]],
      ...nestedLists(step, path).flatMap((inner) => pathsIn(inner.steps, inner.path, 'name')),
    ];
  });

const whyNot = (barrier: Barrier): string => {
  if (barrier.kind === 'guard') return 'its guard is false in every run';
  if (barrier.kind === 'case') return 'what it belongs to is never chosen';
  const { step, is } = barrier;
  switch (is) {
    case 'end':
      return `"${step}" before it ends the run`;
    case 'fail':
      return `"${step}" before it always fails`;
    case 'next':
      return `"${step}" before it always goes on elsewhere`;
    case 'block':
      return `"${step}" before it never comes to its end`;
    default:
      return is satisfies never;
  }
};

/** Warns of steps that no run can come to. */
export const warnUnreachable = (
  definition: Definition,
  execution: JsonObject,
  root: Path,
  report: Report,
): void => {
  const barriers = neverReached(definition);
  if (barriers.size === 0) return;
  const { steps, path, namedBy } = firstList(execution, root);
  const paths = new Map(pathsIn(steps, path, namedBy));
  for (const [name, barrier] of barriers) {
    const message = `Expected a step that some run comes to, but none comes to "${name}": ${whyNot(barrier)}.`;
    report.warning(paths.get(name) ?? root, 'UNREACHABLE_STEP', message);
  }
};
