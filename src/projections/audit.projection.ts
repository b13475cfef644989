import { isAuditEntry, type RefusalCode } from '../domain/audit/events.ts';
import type { Actor } from '../domain/event.ts';
import { EVENT_TYPES, type EventType, type Recorded } from '../domain/registry.ts';
import { entityOf } from '../domain/stream.ts';
import type { Projection } from './projection.ts';

/**
 * What somebody has done or read, in one commit or one record of reads, or was refused. Where they came from and why is personal: it is read from
 * the log. Times are ms since the Unix epoch.
 */
export type AuditDocument = {
  readonly kind: 'command' | 'read';
  readonly at: number;
  readonly actor: string;
  readonly actorKind: string;
  readonly via: string;
  readonly tenant: string;
  /** The field of the API or the route; the type of the first event where the log does not say. */
  readonly operation: string;
  /** The execution, workflow or whatever else it was done to; empty for everything. */
  readonly target: string;
  readonly workflow: string | null;
  /** What was read. */
  readonly what: string | null;
  readonly times: number;
  /** Not there for what was not refused, which is nearly all. */
  readonly outcome?: 'refused';
  readonly code?: RefusalCode;
  readonly stream: string;
  readonly revision: number;
};

const IGNORED = ['audit.day_began', 'truncation.condensed'] as const satisfies readonly EventType[];

const isHandled = (type: string): type is EventType => !IGNORED.some((ignored) => ignored === type);

/** Whom the log names, unlike what the server does by itself. */
const isSomebody = ({ kind }: Actor): boolean => kind === 'user' || kind === 'operator';

/** What a commit was about. All keys share one stream. */
const targetOf = (event: Recorded): string =>
  event.type === 'access.key_created' || event.type === 'access.key_revoked'
    ? event.facts.key
    : entityOf(event.stream);

const textIn = (fact: unknown): string | null => (typeof fact === 'string' ? fact : null);

const documentOf = (event: Recorded): AuditDocument => {
  const { stream, revision, facts, commit, type } = event;
  if (event.type === 'audit.read' || event.type === 'audit.acted' || event.type === 'audit.refused') {
    const {
      operation,
      target,
      workflow = null,
      actor,
      kind: actorKind,
      via,
      tenant,
      at,
      times,
    } = event.facts;
    const asked = { at, actor, actorKind, via, tenant, operation, target, workflow, times, stream, revision };
    if (event.type === 'audit.refused') {
      const { wanted, code } = event.facts;
      return { ...asked, kind: wanted, what: null, outcome: 'refused', code };
    }
    return event.type === 'audit.read'
      ? { ...asked, kind: 'read', what: event.facts.what }
      : { ...asked, kind: 'command', what: null };
  }
  const { actor, at, tenant, request } = commit.metadata;
  return {
    kind: 'command',
    at,
    actor: actor.id,
    actorKind: actor.kind,
    via: actor.via,
    tenant,
    operation: request?.operation ?? type,
    target: targetOf(event),
    workflow: textIn((facts as { readonly workflow?: unknown }).workflow),
    what: null,
    times: 1,
    stream,
    revision,
  };
};

/** One document for each commit that somebody asked for, and for each record of reads, of refusals and of what no commit tells of. It stays when executions are removed. */
export const audit: Projection<AuditDocument> = {
  name: 'audit',
  version: 3,
  isWrittenOnce: true,
  isOfOneExecution: true,
  canWait: true,
  handles: Object.keys(EVENT_TYPES).filter(isHandled),
  ignores: IGNORED,
  indexes: [
    { fields: ['tenant', 'at'] },
    { fields: ['tenant', 'actor', 'at'] },
    { fields: ['tenant', 'operation', 'at'] },
    { fields: ['tenant', 'target', 'at'] },
    { fields: ['tenant', 'kind', 'at'] },
    { fields: ['outcome', 'tenant', 'at'], sparse: true },
  ],
  keyOf: ({ type, stream, revision, commit }) => {
    const key = `${stream}@${revision}`;
    if (isAuditEntry(type)) return key;
    // Half of all events are not the first of their commit, and need not have its metadata parsed.
    return revision === commit.revision && isSomebody(commit.metadata.actor) ? key : undefined;
  },
  evolve: (doc, event) => doc ?? documentOf(event),
};
