import type { Logging } from './definition/observed.ts';
import type { Json } from './json.ts';

/** One value of an event's facts. */
export type Fact =
  | string
  | number
  | boolean
  | null
  | readonly string[]
  | readonly { readonly [name: string]: string }[]
  | { readonly [name: string]: string | number | boolean };

/**
 * The small typed part of an event: names, numbers, times (ms since the Unix epoch), statuses.
 * Projections fold facts only, so they never hold personal data.
 */
export interface Facts {
  readonly [name: string]: Fact;
}

/** What `decide` returns and `evolve` folds: a fact that happened, and what users' code put into it. */
export interface DomainEvent<Type extends string = string, F = Facts, P = Json> {
  readonly type: Type;
  readonly facts: F;
  readonly payload?: P;
}

/** Who caused a commit. `via` says how they were authenticated. */
export interface Actor {
  readonly id: string;
  readonly kind: 'user' | 'engine' | 'trigger' | 'operator';
  readonly via: 'none' | 'jwt' | 'api_key' | 'admin_key' | 'internal';
}

/** The request that somebody made. All but its operation may be personal: views point at it and hold none of it. */
export interface Request {
  /** What the log of the server and of a proxy before it know the request by. */
  readonly id: string;
  /** The field of the API, or the route, that was asked for. */
  readonly operation: string;
  /** Where it came from, as far as proxies are believed. */
  readonly address?: string;
  /** Why, as whoever asked for it says. */
  readonly reason?: string;
}

/** What a commit says of itself, written once an append and covered by the hash chain. */
export interface CommitMetadata {
  /** The execution (or the command's root) that the commit belongs to. */
  readonly $correlationId: string;
  /** The id of the command that the commit answers; event ids derive from it. */
  readonly $causationId: string;
  /** When it was decided, ms since the Unix epoch, by the node's clock. */
  readonly at: number;
  readonly actor: Actor;
  readonly tenant: string;
  readonly node: string;
  /** Which of the node's processes, where several nodes share the log. */
  readonly boot?: string;
  /** Version of the event catalogue that the events were written with. */
  readonly schema: number;
  /** Hash of the definition that the execution is pinned to. */
  readonly definition?: string;
  readonly traceparent?: string;
  /** The request that it came of. */
  readonly request?: Request;
  /** Which lines of the run's log are kept, where its definition says so. */
  readonly logging?: Logging;
}

/** The commit that an event was appended in. */
export interface Commit {
  readonly metadata: CommitMetadata;
  /** Revision of the commit's first event. */
  readonly revision: number;
  readonly size: number;
  /** Hash of the stream's commit before this one; empty at the start of a stream. */
  readonly previous: string;
  readonly hash: string;
}

/** An event as it stands in the log. */
export interface RecordedEvent {
  /** Where it stands in the whole log: ordered, opaque, never to be calculated with. */
  readonly position: bigint;
  readonly stream: string;
  /** Where it stands in its stream, from 0. */
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly facts: Facts;
  /** The payload's JSON text as stored; `undefined` when the event has none. */
  readonly payload: string | undefined;
  readonly commit: Commit;
}
