import type { Definition } from '../definition.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { asList, asObject, asText, field } from './fields.ts';
import { nestedLists } from './nested.ts';

/** The workflows that the latest version of one waits for; `undefined` when none of that name is registered. */
export type ChildrenOf = (workflow: string) => readonly string[] | undefined;

/** The workflows that a definition waits for. */
export const awaitedBy = ({ places }: Definition): readonly string[] =>
  [...places.values()].flatMap(({ step }) => (step.kind === 'workflow' && step.wait ? [step.workflow] : []));

interface Child {
  readonly path: Path;
  readonly workflow: string;
  readonly wait: boolean;
}

const childrenIn = (list: readonly Json[], path: Path): readonly Child[] =>
  list.flatMap((step, n) => {
    const at = [...path, n];
    const child = field(step, 'workflow');
    const workflow = asText(field(child, 'name'));
    const own =
      workflow === undefined
        ? []
        : [{ path: [...at, 'workflow', 'name'], workflow, wait: field(child, 'wait') !== false }];
    return [...own, ...nestedLists(step, at).flatMap((inner) => childrenIn(inner.steps, inner.path))];
  });

/** Refuses children that would wait for this workflow again, and warns of those that there are none of. */
export const checkChildren = (
  execution: JsonObject,
  root: Path,
  childrenOf: ChildrenOf,
  report: Report,
): void => {
  const self = asText(asObject(execution)?.['workflow']) ?? '';
  const steps = asList(execution['activities']) ?? [];
  for (const { path, workflow, wait } of childrenIn(steps, [...root, 'activities'])) {
    const way = wait ? wayBack(workflow, self, childrenOf) : undefined;
    if (way !== undefined) {
      const message = `Expected no workflow to wait for itself, but ${[self, ...way].join(' waits for ')}.`;
      report.problem(path, 'CHILD_CYCLE', message);
    } else if (workflow !== self && childrenOf(workflow) === undefined) {
      const message = `Expected a workflow that is registered, but there is none called "${workflow}": the step fails until there is.`;
      report.warning(path, 'CHILD_NOT_REGISTERED', message);
    }
  }
};

/** The workflows that wait for one another from one to another, both among them; `undefined` when they do not. */
const wayBack = (from: string, to: string, childrenOf: ChildrenOf): readonly string[] | undefined => {
  const met = new Map<string, readonly string[]>([[from, [from]]]);
  for (const [workflow, way] of met) {
    if (workflow === to) return way;
    for (const child of childrenOf(workflow) ?? []) if (!met.has(child)) met.set(child, [...way, child]);
  }
  return undefined;
};
