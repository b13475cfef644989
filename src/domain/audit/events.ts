import type { DomainEvent } from '../event.ts';

/** What was read: payloads of an execution, its raw history, or events of any number of executions. */
export type WhatWasRead = 'payloads' | 'history' | 'export';

/** From where, and why, as far as that is known. */
export type ReadPayload = { readonly address?: string; readonly reason?: string };

/**
 * Somebody has read what is recorded, `times` times since `at` (ms since the Unix epoch). The `target` is the execution, or what an
 * export was of; empty for everything. Many readers share a commit, so who it was stands in the facts.
 */
export type AuditRead = DomainEvent<
  'audit.read',
  {
    readonly what: WhatWasRead;
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
  },
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

/** What is recorded of who has read what. */
export type AuditEvent = AuditRead | AuditDayBegan;
