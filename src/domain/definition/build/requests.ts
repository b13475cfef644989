import { parseCores } from '../../cores.ts';
import { amountOf, mebibytes, RESOURCES, type Needs, type Resource } from '../../flow/resources.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { asSize, field } from './fields.ts';
import { firstList, nestedLists } from './nested.ts';

/** What a call of a step takes of its node; `undefined` where nothing is asked for. A step's own goes before the definition's, field by field. */
export const buildNeeds = (own: Json | undefined, shared: Json | undefined): Needs | undefined => {
  const needs = RESOURCES.flatMap((resource) => {
    const needed = requestOf(own, resource) ?? requestOf(shared, resource) ?? 0;
    return needed === 0 ? [] : [[resource, needed] as const];
  });
  return needs.length === 0 ? undefined : Object.fromEntries(needs);
};

const requestOf = (resources: Json | undefined, resource: Resource): number | undefined => {
  const request = field(field(resources, resource), 'request');
  if (resource === 'cpu')
    return typeof request === 'number' || typeof request === 'string' ? parseCores(request) : undefined;
  const bytes = asSize(request);
  return bytes === undefined ? undefined : mebibytes(bytes);
};

/** Every block of a definition that asks for resources. */
const blocksOf = (execution: JsonObject, root: Path): readonly (readonly [Path, Json])[] => {
  const own = (value: Json, path: Path): readonly (readonly [Path, Json])[] => {
    const resources = field(value, 'resources');
    return resources === undefined ? [] : [[[...path, 'resources'], resources]];
  };
  const within = (steps: readonly Json[], path: Path): readonly (readonly [Path, Json])[] =>
    steps.flatMap((step, n) => {
      const at = [...path, n];
      return [...own(step, at), ...nestedLists(step, at).flatMap((list) => within(list.steps, list.path))];
    });
  const { steps, path } = firstList(execution, root);
  return [...own(execution, root), ...within(steps, path)];
};

/** Warns of requests that no call is ever made for on a node that has so much. */
export const warnOfRequests = (
  execution: JsonObject,
  root: Path,
  capacity: Readonly<Record<Resource, number>>,
  report: Report,
): void => {
  for (const [path, block] of blocksOf(execution, root))
    for (const resource of RESOURCES) {
      const needed = requestOf(block, resource) ?? 0;
      if (needed <= capacity[resource]) continue;
      const has = amountOf(resource, capacity[resource]);
      const message = `Expected a request of at most the ${has} that this server has, but found ${amountOf(resource, needed)}: steps wait for as long as no server that has as much goes on with them.`;
      report.warning([...path, resource, 'request'], 'NODE_TOO_SMALL', message);
    }
};
