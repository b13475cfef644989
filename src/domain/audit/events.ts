import type { DomainEvent } from '../event.ts';

/** What was read: payloads of an execution, its raw history, or events of any number of executions. */
export type WhatWasRead = 'payloads' | 'history' | 'export';

/** From where, and why, as far as that is known. */
export type ReadPayload = { readonly address?: string; readonly reason?: string };

/** Who it was, for what, and when (ms since the Unix epoch). Many share a commit, so it stands in the facts. */
interface Asked {
  readonly operation: string;
  readonly target: string;
  readonly workflow?: string;
  readonly actor: string;
  readonly kind: string;
  readonly via: string;
  readonly tenant: string;
  readonly request: string;
  readonly at: number;
  readonly times: number;
}

/**
 * Somebody has read what is recorded, `times` times since `at`. The `target` is the execution, or what an export was of; empty for
 * everything.
 */
export type AuditRead = DomainEvent<'audit.read', Asked & { readonly what: WhatWasRead }, ReadPayload> & {
  readonly payload: ReadPayload;
};

/** Somebody has asked for a change that no other event tells of, such as a view that is made anew. */
export type AuditActed = DomainEvent<'audit.acted', Asked, ReadPayload> & { readonly payload: ReadPayload };

/** What codes say that somebody may not what they tried. */
export type RefusalCode = 'FORBIDDEN' | 'NOT_AN_ASSIGNEE' | 'UNAUTHENTICATED';

/** Whether what was tried would have changed something, or shown it. */
export type Wanted = 'command' | 'read';

/**
 * Somebody who is known was refused what they may not, `times` times since `at`. Tries of one caller at the same operation with the
 * same code are one event; the `target` and the request are those of the first one. `UNAUTHENTICATED` is whoever has a key that
 * counts no more.
 */
export type AuditRefused = DomainEvent<
  'audit.refused',
  Asked & { readonly wanted: Wanted; readonly code: RefusalCode },
  ReadPayload
> & { readonly payload: ReadPayload };

/**
 * The first event of a day's stream: where the one of the last day before it stood then, so that none can be taken away or
 * cut off without being missed. Nothing before: `previous` is not there.
 */
export type AuditDayBegan = DomainEvent<
  'audit.day_began',
  { readonly previous?: string; readonly revision?: number; readonly hash?: string },
  undefined
>;

/** What somebody is on record for. */
export type AuditEntry = AuditRead | AuditActed | AuditRefused;

/** What is recorded of who has read what. */
export type AuditEvent = AuditEntry | AuditDayBegan;

const ENTRIES: ReadonlySet<string> = new Set<AuditEntry['type']>([
  'audit.read',
  'audit.acted',
  'audit.refused',
]);

/** Whether events of a type say in their facts of whom they tell, since those of many share a commit. */
export const isAuditEntry = (type: string): type is AuditEntry['type'] => ENTRIES.has(type);
