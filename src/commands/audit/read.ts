import type { AuditActed, AuditEntry, AuditRead, WhatWasRead } from '../../domain/audit/events.ts';
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

/** What is asked for, of what. */
type Asked = Pick<Read, 'target' | 'workflow' | 'operation'>;

/** Facts and payload that say who it was, and when (ms since the Unix epoch). */
export const askedBy = (
  { target, workflow, operation }: Asked,
  { actor, tenant, request }: Caller,
  at: number,
): Pick<AuditActed, 'facts' | 'payload'> => ({
  facts: {
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

/** The event that says who it was, and when (ms since the Unix epoch). */
export const readEvent = ({ what, ...asked }: Read, caller: Caller, at: number): AuditActed | AuditRead => {
  const { facts, payload } = askedBy(asked, caller, at);
  return what === undefined
    ? { type: 'audit.acted', facts, payload }
    : { type: 'audit.read', facts: { what, ...facts }, payload };
};

/** The same, so many times. */
export const timesOver = <E extends AuditEntry>(entry: E, times: number): E => ({
  ...entry,
  facts: { ...entry.facts, times },
});

/** What tells two of them apart: those of one request that are alike are one event, and those that somebody is refused alike. */
export const entryKey = (entry: AuditEntry): string => {
  const { request, operation, target, tenant, actor, via } = entry.facts;
  if (entry.type === 'audit.refused')
    return JSON.stringify(['refused', tenant, actor, via, operation, entry.facts.code]);
  return JSON.stringify([request, entry.type === 'audit.read' ? entry.facts.what : '', operation, target]);
};
