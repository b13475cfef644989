import type { IncomingMessage } from 'node:http';
import type { Caller } from '../commands/caller.ts';
import type { EventLog } from '../ports/event-log.ts';
import { triggeredByOf } from './triggered-by.ts';
import { createOutputs, type Outputs } from './outputs.ts';
import { createAuthors, createPayloads, type Authors, type Payloads } from './payloads.ts';

/** What the resolvers of one operation share. */
export interface GraphqlContext {
  readonly caller: Caller;
  readonly payloads: Payloads;
  readonly authors: Authors;
  readonly outputs: Outputs;
}

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** On whose behalf a request is carried out. */
export const callerOf = ({ headers }: IncomingMessage): Caller => {
  const { traceparent, authorization, 'x-workflow-trace': trace } = headers;
  const user = triggeredByOf(authorization);
  return {
    actor: { id: 'anonymous', kind: 'user', via: 'none' },
    tenant: 'default',
    traceparent: typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : undefined,
    // Exactly so: what captures personal data is not to be switched on by something like it.
    trace: trace === 'true',
    ...(user === undefined ? {} : { user }),
  };
};

/** Makes the context of an operation from the request that brought it, or from the one that opened its socket. */
export const createContextOf =
  (log: EventLog): ((request: IncomingMessage) => GraphqlContext) =>
  (request) => ({
    caller: callerOf(request),
    payloads: createPayloads(log),
    authors: createAuthors(log),
    outputs: createOutputs(log),
  });
