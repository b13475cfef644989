import type { IncomingMessage, ServerResponse } from 'node:http';
import type { YogaServerInstance } from 'graphql-yoga';

/** What an operation's context is made from. */
export interface Transport {
  readonly req: IncomingMessage;
  /** Set: it came by HTTP, and is answered there. */
  readonly res?: ServerResponse;
  /** Set: it came by HTTP, and what Yoga checks of that is checked. */
  readonly request?: { readonly method: string; readonly signal?: AbortSignal };
  /** Set: it came by a socket. */
  readonly socket?: true;
  /** Aborted once nobody waits for its answer any more, where the request itself does not say so. */
  readonly left?: AbortSignal;
}

/** The Yoga server that a driver runs. */
export type Yoga = YogaServerInstance<Transport, object>;
