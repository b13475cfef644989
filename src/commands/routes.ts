import type { Definition, Route } from '../domain/definition/definition.ts';
import { nameOfRoute } from '../domain/definition/trigger.ts';
import type { Workflow } from './load-workflow.ts';

/** The definitions that requests start, by path: one a method. */
export type Routes = ReadonlyMap<string, readonly Definition[]>;

/** Where nodes registered one route for two workflows at the same time, the one that was registered first has it. */
export const routesOf = (
  workflows: readonly Workflow[],
  startable: (workflow: Workflow) => readonly Definition[],
): Routes => {
  const byName = new Map<string, Definition>();
  const inOrder = [...workflows].sort((one, other) => (one.position < other.position ? -1 : 1));
  for (const definition of inOrder.flatMap(startable)) {
    const name = definition.route && nameOfRoute(definition.route);
    if (name !== undefined && !byName.has(name)) byName.set(name, definition);
  }
  return Map.groupBy(byName.values(), ({ route }) => route?.path ?? '');
};

/** Name of the workflow, other than this one, that a request to the route starts. */
export const ownerOf = (routes: Routes, { method, path }: Route, workflow: string): string | undefined =>
  routes.get(path)?.find((known) => known.route?.method === method && known.workflow !== workflow)?.workflow;
