import type { AuditRead, WhatWasRead } from '../../domain/audit/events.ts';
import type { Caller } from '../caller.ts';

/** Something that is about to be read. */
export interface Read {
  readonly what: WhatWasRead;
  /** The execution, or what an export is of; empty for everything. */
  readonly target: string;
  readonly workflow?: string | undefined;
  /** The field or the route; that of the caller's request unless given. */
  readonly operation?: string;
}

/** The event that says of a read who did it, and when (ms since the Unix epoch). */
export const readEvent = (
  { what, target, workflow, operation }: Read,
  { actor, tenant, request }: Caller,
  at: number,
): AuditRead => ({
  type: 'audit.read',
  facts: {
    what,
    operation: operation ?? request?.operation ?? '',
    target,
    ...(workflow === undefined ? {} : { workflow }),
    actor: actor.id,
    kind: actor.kind,
    via: actor.via,
    tenant,
    request: request?.id ?? '',
    at,
    times: 1,
  },
  payload: {
    ...(request?.address === undefined ? {} : { address: request.address }),
    ...(request?.reason === undefined ? {} : { reason: request.reason }),
  },
});

/** What tells two reads apart: those of one request that are alike are one event. */
export const readKey = ({ facts: { request, what, operation, target } }: AuditRead): string =>
  JSON.stringify([request, what, operation, target]);
