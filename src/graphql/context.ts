import type { IncomingMessage } from 'node:http';
import type { Reads } from '../commands/audit/reads.ts';
import type { Refusals } from '../commands/audit/refusals.ts';
import type { Caller } from '../commands/caller.ts';
import { scopeOf, type Scope } from '../domain/access/scope.ts';
import type { Identity } from '../ports/authenticator.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import { triggeredByOf } from './triggered-by.ts';
import { createOutputs, type Outputs } from './outputs.ts';
import { createOrigins, type Origins } from './origins.ts';
import {
  createAuthors,
  createPayloads,
  type Authors,
  type GivesPayloads,
  type Payloads,
} from './payloads.ts';
import { reasonIn, type Incoming, type Requests } from './requests.ts';

/** What the resolvers of one operation share. */
export interface GraphqlContext {
  readonly identity: Identity;
  readonly caller: Caller;
  /** Which executions they may see; at the root of a document those that the field's role is for. */
  readonly scope: Scope;
  readonly clock: Clock;
  readonly payloads: Payloads;
  readonly authors: Authors;
  readonly origins: Origins;
  readonly outputs: Outputs;
  readonly reads: Reads;
  readonly refusals: Pick<Refusals, 'note'>;
  /** Says that payloads of an execution are given. Throws `UNAVAILABLE` when that is to be recorded and cannot be. */
  readonly givesPayloads: GivesPayloads;
  /** Fields at the root that are asked for. */
  readonly asked: Set<string>;
  /** The cursor of the last event that whoever comes back to an event stream has seen. */
  readonly lastEventId: string | undefined;
}

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** On whose behalf a request for an operation is carried out. */
export const callerOf = (
  { headers }: IncomingMessage,
  { actor, access, user: known }: Identity,
  { id, address }: Incoming,
  operation: string,
): Caller => {
  const { traceparent, authorization, 'x-workflow-trace': trace } = headers;
  const user = known ?? (actor.via === 'none' ? triggeredByOf(authorization) : undefined);
  const reason = reasonIn(headers);
  return {
    actor,
    tenant: access.tenant,
    traceparent: typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : undefined,
    // Exactly so: what captures personal data is not to be switched on by something like it.
    trace: trace === 'true',
    request: {
      id,
      operation,
      ...(address === undefined ? {} : { address }),
      ...(reason === undefined ? {} : { reason }),
    },
    ...(user === undefined ? {} : { user }),
  };
};

const lastEventIdOf = ({ headers }: IncomingMessage): string | undefined => {
  const { 'last-event-id': id, accept = '' } = headers;
  return typeof id === 'string' && id !== '' && accept.includes('text/event-stream') ? id : undefined;
};

/** What is asked for until it is known which field. */
export const GRAPHQL = 'graphql';

/** Nobody sees anything who has no role. */
const NOTHING = { workflows: [], tags: [] };

/** What contexts are made with. */
export interface ContextParts {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly requests: Requests;
  readonly reads: Reads;
  readonly refusals: Pick<Refusals, 'note'>;
}

/** Makes the context of an operation from the request that brought it, or from the one that opened its socket. */
export const createContextOf =
  ({
    log,
    clock,
    requests,
    reads,
    refusals,
  }: ContextParts): ((request: IncomingMessage, identity: Identity) => GraphqlContext) =>
  (request, identity) => {
    // The guard of a field says which operation it is.
    const caller = callerOf(request, identity, requests.of(request), GRAPHQL);
    const asked = new Set<string>();
    const givesPayloads: GivesPayloads = (executionId, workflow) =>
      reads.payloads(executionId, workflow, caller, [...asked].join(', '));
    return {
      identity,
      caller,
      scope: scopeOf(identity.access, 'viewer') ?? { tenant: identity.access.tenant, within: NOTHING },
      clock,
      payloads: createPayloads(log, givesPayloads),
      authors: createAuthors(log),
      origins: createOrigins(log),
      outputs: createOutputs(log, givesPayloads),
      reads,
      refusals,
      givesPayloads,
      asked,
      lastEventId: lastEventIdOf(request),
    };
  };
