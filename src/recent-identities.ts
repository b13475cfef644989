import type { Identity } from './ports/authenticator.ts';
import type { Clock } from './ports/clock.ts';

/** Milliseconds that a token is not verified again: a key that is withdrawn counts no longer than that. */
const KEPT = 300_000;
const MOST = 10_000;

/** What tokens have said that were verified of late. */
export interface RecentIdentities {
  /** Who a token is for, by its digest. Rejects as `verify` does, which is asked again then. */
  of(digest: string, verify: () => Promise<Identity>): Promise<Identity>;
}

/** Keeps what tokens say for as long as they are valid, and at most five minutes; the oldest ones go first. */
export const recentIdentities = (clock: Clock): RecentIdentities => {
  const known = new Map<string, { readonly identity: Identity; readonly until: number }>();
  return {
    of: async (digest, verify) => {
      const found = known.get(digest);
      if (found !== undefined && clock.now() < found.until) return found.identity;
      known.delete(digest);
      const identity = await verify();
      known.set(digest, {
        identity,
        until: Math.min(clock.now() + KEPT, identity.until ?? Number.POSITIVE_INFINITY),
      });
      const [oldest] = known.keys();
      if (known.size > MOST && oldest !== undefined) known.delete(oldest);
      return identity;
    },
  };
};
