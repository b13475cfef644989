import type { AuditEntry, WhatWasRead } from '../../domain/audit/events.ts';
import type { Caller } from '../caller.ts';

/** Something that is about to be read, or done. */
export interface Read {
  /** `undefined` for what is not read but done. */
  readonly what: WhatWasRead | undefined;
  /** The execution, or what an export is of, or what it is done to; empty for everything. */
  readonly target: string;
  readonly workflow?: string | undefined;
  /** The field or the route; that of the caller's request unless given. */
  readonly operation?: string;
}

/** The event that says who it was, and when (ms since the Unix epoch). */
export const readEvent = (
  { what, target, workflow, operation }: Read,
  { actor, tenant, request }: Caller,
  at: number,
): AuditEntry => {
  const facts = {
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
  };
  const payload = {
    ...(request?.address === undefined ? {} : { address: request.address }),
    ...(request?.reason === undefined ? {} : { reason: request.reason }),
  };
  return what === undefined
    ? { type: 'audit.acted', facts, payload }
    : { type: 'audit.read', facts: { what, ...facts }, payload };
};

/** The same, so many times. */
export const timesOver = <E extends AuditEntry>(entry: E, times: number): E => ({
  ...entry,
  facts: { ...entry.facts, times },
});

/** What tells two of them apart: those of one request that are alike are one event. */
export const readKey = (entry: AuditEntry): string => {
  const { request, operation, target } = entry.facts;
  return JSON.stringify([request, entry.type === 'audit.read' ? entry.facts.what : '', operation, target]);
};
