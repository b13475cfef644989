import type { CommandBus } from '@nestjs/cqrs';
import type { Reads } from '../commands/audit/reads.ts';
import type { Caller } from '../commands/caller.ts';
import { StartExecution } from '../commands/commands.ts';
import type { Definitions } from '../commands/definitions.ts';
import { nameOfRoute } from '../domain/definition/trigger.ts';
import { parseDuration } from '../domain/duration.ts';
import { Rejection } from '../domain/rejection.ts';
import type { Json } from '../domain/json.ts';
import { waitForEnding, type EndingParts } from './ending.ts';
import { notAllowed, type Answer, type Endpoint, type Exchange } from './exchange.ts';
import { startedJson } from './webhook.endpoint.ts';

/** What requests that start workflows are answered with. */
export interface RouteParts extends EndingParts {
  readonly commands: CommandBus;
  readonly definitions: Pick<Definitions, 'routedAt'>;
  readonly reads: Pick<Reads, 'payloads'>;
}

const ROUTE = '<route of a trigger>';

const WAIT = 'wait';
/** Milliseconds that an end is waited for unless it is said how long. */
const USUAL = 30_000;
const LONGEST = 60_000;

/** Milliseconds that the caller waits for the end; `undefined` when it does not. Throws `BAD_USER_INPUT`. */
const waitOf = ({ query }: Exchange): number | undefined => {
  const text = query.get(WAIT);
  if (text === null) return undefined;
  if (text === '') return USUAL;
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0 && ms <= LONGEST) return ms;
  throw new Rejection(
    'BAD_USER_INPUT',
    `Expected "wait" to be a duration of at most 60s, but found "${text}".`,
    {
      field: WAIT,
      found: text,
      expected: 'a duration such as 10s, at most 60s',
    },
  );
};

const queryJson = ({ query }: Exchange): Json =>
  Object.fromEntries(
    [...new Set(query.keys())]
      .filter((name) => name !== WAIT)
      .map((name) => {
        const values = query.getAll(name);
        return [name, values.length === 1 ? (values[0] ?? null) : values];
      }),
  );

/** What is waited for as long as the server does not stop: definitions that are still being read at its start. */
const unlessOver = <T>(work: Promise<T>, over: AbortSignal): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (): void =>
    reject(
      new Rejection(
        'UNAVAILABLE',
        'Expected a server that takes requests, but it stops: nothing was stored.',
      ),
    );
  over.addEventListener('abort', end);
  if (over.aborted) end();
  return Promise.race([work, promise]).finally(() => over.removeEventListener('abort', end));
};

/** Starts the workflow whose trigger names the request's method and path: the body is its input. */
export const routeEndpoint =
  ({ commands, definitions, reads, ...parts }: RouteParts): Endpoint =>
  async (exchange) => {
    const { method, path, idempotencyKey, over } = exchange;
    const routed = await unlessOver(definitions.routedAt(path), over);
    if (routed.length === 0) return undefined;
    const found = routed.find(({ route }) => route?.method === method);
    if (found?.route === undefined)
      throw notAllowed(routed.map(({ route }) => route?.method).join(', '), method);
    const { workflow, route } = found;
    const run = async (caller: Caller): Promise<Answer> => {
      const wait = waitOf(exchange);
      const trigger = { name: nameOfRoute(route), event: { method, path, query: queryJson(exchange) } };
      const input = await exchange.body();
      const started = await commands.execute(
        new StartExecution(workflow, input, idempotencyKey, caller, trigger),
      );
      const accepted: Answer = { status: 202, body: startedJson(started) };
      if (wait === undefined) return accepted;
      const ending = await waitForEnding(parts, started.executionId, wait, over);
      if (ending === undefined) return accepted;
      reads.payloads(started.executionId, workflow, caller, ROUTE);
      const { status, output, error } = ending;
      const why = error === undefined ? {} : { error: { details: null, ...error } };
      return { status: 200, body: { ...startedJson(started), status, output, ...why } };
    };
    return { route: ROUTE, workflow, run };
  };
