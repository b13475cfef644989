import type { Definition, Route } from '../definition.ts';
import type { Json } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { nameOfRoute } from '../trigger.ts';
import { asText, field } from './fields.ts';

/** First parts of the paths that the server itself serves, or is going to. */
export const RESERVED_SEGMENTS: readonly string[] = [
  'api',
  'console',
  'events',
  'graphql',
  'healthz',
  'metrics',
  'readyz',
  'workers',
];

/** Name of the other workflow that a request to a route starts; `undefined` when there is none. */
export type TakenBy = (route: Route, workflow: string) => string | undefined;

/** The request that starts the workflow; `undefined` where the trigger names none. */
export const buildRoute = (trigger: Json | undefined, path: Path, report: Report): Route | undefined => {
  const method = asText(field(field(trigger, 'http'), 'method'));
  const place = asText(field(field(trigger, 'http'), 'path'));
  if (method === undefined || place === undefined) return undefined;
  const [, first = ''] = place.split('/');
  if (RESERVED_SEGMENTS.includes(first)) {
    const message = `Expected a path that the server itself does not serve, but "/${first}" is its own.`;
    report.problem([...path, 'http', 'path'], 'RESERVED_PATH', message);
  }
  return { method, path: place };
};

/** Refuses a route that another workflow has: one request cannot be told which of them it means. */
export const refuseTaken = (
  { workflow, route }: Pick<Definition, 'workflow' | 'route'>,
  root: Path,
  takenBy: TakenBy,
  report: Report,
): void => {
  const owner = route === undefined ? undefined : takenBy(route, workflow);
  if (route === undefined || owner === undefined) return;
  const message = `Expected a method and path that start no other workflow, but ${nameOfRoute(route)} starts "${owner}".`;
  report.problem([...root, 'trigger', 'http'], 'ROUTE_TAKEN', message, { key: true });
};
