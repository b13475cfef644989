import type { Route } from '../domain/definition/definition.ts';

/** Which requests start which workflow, as the registered definitions say. */
export interface RouteOwners {
  /** Name of the workflow, other than this one, that a request to the route starts; `undefined` when there is none. */
  takenBy(route: Route, workflow: string): string | undefined;
}
