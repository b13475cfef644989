import { onTestFinished } from 'vitest';
import { createApiKeys, type ApiKeys } from '../../src/commands/api-keys.ts';
import type { Caller } from '../../src/commands/caller.ts';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import { systemSecrets } from '../../src/adapters/system/secrets.ts';
import { keyIdentities, type IdentifyKey } from '../../src/key-identities.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { keepingLogger, type KeepingLogger } from '../graphql/keeping-logger.ts';
import { handClock, type HandClock } from '../spec/clock.ts';
import { countingIds } from '../spec/ids.ts';

/** A node that knows the keys of a log. */
export interface KeyNode {
  readonly keys: ApiKeys;
  readonly identify: IdentifyKey;
  readonly logger: KeepingLogger;
  /** Ids of keys that were said to be used. */
  readonly used: readonly string[];
}

/** An admin of a tenant: of the server itself without one. */
export const adminOf = (tenant = 'default'): Caller => ({
  actor: { id: `admin of ${tenant}`, kind: 'user', via: 'jwt' },
  tenant,
  traceparent: undefined,
  scope: { tenant, within: undefined, ...(tenant === 'default' ? { runsServer: true } : {}) },
});

let spaces = 0;

/** Puts a node on a log that others write to, until the test is finished; it knows nothing before `keys.begin`. */
export const openKeyNode = (log: EventLog, clock: HandClock = handClock()): KeyNode => {
  spaces += 1;
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const [ids, logger, used] = [countingIds(0.5, spaces), keepingLogger(), [] as string[]];
  const keys = createApiKeys({
    log,
    world: { clock, ids },
    envelopes: createEnvelopes(`node-${spaces}`, ids),
    secrets: systemSecrets(),
    maxPayload: 10_000,
    shared: true,
    logger,
    over: over.signal,
  });
  const identify = keyIdentities(keys, { note: (id) => void used.push(id) }, clock);
  return { keys, identify, logger, used };
};
