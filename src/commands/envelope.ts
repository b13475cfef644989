import type { Actor, CommitMetadata } from '../domain/event.ts';
import { SCHEMA } from '../domain/registry.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Caller } from './caller.ts';

/** Who acts when nobody else does. */
export const ENGINE: Actor = Object.freeze({ id: 'engine', kind: 'engine', via: 'internal' });

/** What the metadata of every commit of this node is made of. */
export interface Envelopes {
  /**
   * The metadata of a new command's commit, which belongs to the entity `correlation`.
   * Without a caller it is the engine's own.
   */
  open(
    correlation: string,
    caller: Caller | undefined,
    tenant: string,
    at: number,
    definition?: string,
  ): CommitMetadata;
}

/** Makes envelopes in the name of a node, and of the process that `boot` names if there may be others. */
export const createEnvelopes = (node: string, ids: Ids, boot?: () => string): Envelopes => ({
  open: (correlation, caller, tenant, at, definition) => ({
    $correlationId: correlation,
    $causationId: ids.next(),
    at,
    actor: caller?.actor ?? ENGINE,
    tenant,
    node,
    ...(boot === undefined ? {} : { boot: boot() }),
    schema: SCHEMA,
    ...(definition === undefined ? {} : { definition }),
    ...(caller?.traceparent === undefined ? {} : { traceparent: caller.traceparent }),
    ...(caller?.request === undefined ? {} : { request: caller.request }),
  }),
});

/** The time and ids that commands take from the world. */
export interface World {
  readonly clock: Clock;
  readonly ids: Ids;
}
