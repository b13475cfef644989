import type { Access } from '../domain/access/grant.ts';
import type { Actor } from '../domain/event.ts';

/** Who sends a request, and what they may. */
export interface Identity {
  readonly actor: Actor;
  readonly access: Access;
  /** Who it is, for what is recorded besides; `undefined` when nobody asks. */
  readonly user: string | undefined;
  /** Until when it is so, ms since the Unix epoch; for ever when `undefined`. */
  readonly until: number | undefined;
  /** Aborted once it is so no longer, whatever `until` says. */
  readonly ended?: AbortSignal;
}

/** Tells who somebody is. */
export interface Authenticator {
  /**
   * Who sends a request with this header `Authorization`. Rejects with `Unauthenticated`, and with `Rejection`
   * (`UNAVAILABLE`) when that cannot be found out now.
   */
  identify(authorization: string | undefined): Promise<Identity>;
}

/** Whose key it was that counts no more. */
export interface FormerIdentity {
  readonly actor: Actor;
  readonly tenant: string;
}

/** Nobody knows who somebody is; the message reads "Expected …, but …", and has nothing of what was sent. */
export class Unauthenticated extends Error {
  readonly code = 'UNAUTHENTICATED';
  /** Set: whoever it is has a key that was theirs, with its secret, and that counts no more. */
  readonly former: FormerIdentity | undefined;

  constructor(message: string, cause?: unknown, former?: FormerIdentity) {
    super(message, { cause });
    this.name = 'Unauthenticated';
    this.former = former;
  }
}
