import {
  decideKey,
  decideRevocation,
  evolveKey,
  type ApiKey,
  type Said,
  type WantedKey,
} from '../domain/access/api-key.ts';
import type { AccessEvent } from '../domain/access/key-events.ts';
import { digestOfSecret, keyText } from '../domain/access/key-text.ts';
import { headAfter, NO_STREAM, seal, type StreamHead } from '../domain/chain.ts';
import type { RecordedEvent } from '../domain/event.ts';
import { current } from '../domain/registry.ts';
import { streamOf } from '../domain/stream.ts';
import { apiKeyIdOf } from '../domain/uuid.ts';
import type { KnownKey, KnownKeys } from '../ports/api-keys.ts';
import { WrongExpectedRevision, type EventLog } from '../ports/event-log.ts';
import type { Logger } from '../ports/logger.ts';
import type { Secrets } from '../ports/secrets.ts';
import { appendWhole, checkSize, whenAvailable } from './append.ts';
import type { Caller } from './caller.ts';
import type { CreatedApiKey } from './api-key-commands.ts';
import type { Operated } from './commands.ts';
import type { Envelopes, World } from './envelope.ts';

/** What `createApiKeys` needs. */
export interface ApiKeysOptions {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  readonly secrets: Secrets;
  /** The most bytes of one event's payload. */
  readonly maxPayload: number;
  /** Whether others write to the log, who are listened to then. */
  readonly shared: boolean;
  readonly logger: Logger;
  readonly over: AbortSignal;
}

/** Keys that are given out: all of them in one stream, which a node reads once and follows. */
export interface ApiKeys extends KnownKeys {
  /** Reads what is there and listens from then on, until it is over. Rejects as the log does. */
  begin(): Promise<void>;
  /** Makes a key; with a `repeatable` text once. Rejects with `FORBIDDEN`, `BAD_USER_INPUT`, `PAYLOAD_TOO_LARGE`. */
  create(wanted: WantedKey, repeatable: string | undefined, caller: Caller): Promise<CreatedApiKey>;
  /** Revokes a key. Rejects with `API_KEY_NOT_FOUND`. */
  revoke(id: string, reason: string, caller: Caller): Promise<Operated>;
}

const STREAM = streamOf('access', 'keys');
const PAGE = 1_000;

const accessEvent = (recorded: RecordedEvent): AccessEvent => {
  const { type, facts, payload = 'null' } = current(recorded);
  return { type, facts, payload: JSON.parse(payload) as unknown } as AccessEvent;
};

/** A key, and what tells those who use it that it is revoked: most are used by nobody, and then there is none. */
interface Held {
  readonly key: ApiKey;
  ending: AbortController | undefined;
}

const REVOKED = AbortSignal.abort();

const knownKey = (held: Held): KnownKey => ({
  key: held.key,
  get revoked() {
    if (held.key.revocation !== undefined) return REVOKED;
    return (held.ending ??= new AbortController()).signal;
  },
});

/** Reads and writes keys, of which nothing is known yet. */
export const createApiKeys = (options: ApiKeysOptions): ApiKeys => {
  const { log, world, envelopes, secrets, maxPayload, shared, logger, over } = options;
  const keys = new Map<string, Held>();
  let head: StreamHead = NO_STREAM;
  let position = 0n;
  let isCurrent = false;

  const take = (event: AccessEvent, at: StreamHead, said: Said, where: bigint): void => {
    // What was read besides is heard again.
    if (at.revision <= head.revision) return;
    head = at;
    position = where;
    const { key: id } = event.facts;
    const known = keys.get(id);
    const key = evolveKey(known?.key, event, said);
    if (key === undefined) return;
    keys.set(id, { key, ending: undefined });
    if (key.revocation !== undefined) known?.ending?.abort();
  };

  const hear = (recorded: RecordedEvent): void => {
    const { revision, commit } = recorded;
    take(accessEvent(recorded), { revision, hash: commit.hash }, commit.metadata, recorded.position);
  };

  const refresh = async (): Promise<void> => {
    for (;;) {
      const page = await log.read(STREAM, { from: head.revision + 1, limit: PAGE });
      for (const event of page) hear(event);
      if (page.length < PAGE) return;
    }
  };

  const follow = async (after: bigint): Promise<void> => {
    const filter = { categories: ['access'] } as const;
    for await (const { events } of log.subscribe({ after, filter, signal: over }))
      for (const event of events) if (event.stream === STREAM) hear(event);
  };

  /** Loads, decides, appends; decides again on a conflict. Answers whether there was anything to append. */
  const change = async (
    id: string,
    tenant: (known: ApiKey | undefined) => string,
    decide: (known: ApiKey | undefined) => AccessEvent | undefined,
    caller: Caller,
  ): Promise<boolean> => {
    for (;;) {
      await whenAvailable(world.clock, over, refresh);
      const known = keys.get(id)?.key;
      const event = decide(known);
      if (event === undefined) return false;
      const metadata = envelopes.open(id, caller, tenant(known), world.clock.now());
      const commit = seal(STREAM, head, [event], metadata);
      checkSize(commit, maxPayload);
      try {
        const appended = await appendWhole(log, world.clock, commit, over);
        take(event, headAfter(commit), metadata, appended.position);
        return true;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
  };

  return {
    get isCurrent() {
      return isCurrent;
    },
    of: (id) => {
      const held = keys.get(id);
      return held && knownKey(held);
    },
    list: async () => {
      await refresh();
      return [...keys.values()].map(({ key }) => key);
    },
    begin: async () => {
      const after = await log.end();
      await refresh();
      isCurrent = true;
      if (!shared) return;
      follow(after).catch((error: unknown) => {
        // It would take keys that were revoked.
        isCurrent = false;
        logger.error({ err: error }, 'The log cannot be followed; this node takes no keys any more.');
      });
    },
    create: async (wanted, repeatable, caller) => {
      const { tenant } = wanted;
      const id = repeatable === undefined ? world.ids.next() : apiKeyIdOf(repeatable, tenant);
      const secret = secrets.next();
      const made = { id, digest: digestOfSecret(secret) };
      const { scope } = caller;
      const created = await change(
        id,
        () => tenant,
        (known) => decideKey(known, made, wanted, { scope, now: world.clock.now() }),
        caller,
      );
      return { id, key: created ? keyText({ id, secret }) : undefined, created, position };
    },
    revoke: async (id, reason, caller) => {
      const changed = await change(
        id,
        (known) => known?.tenant ?? caller.tenant,
        (known) => decideRevocation(known, id, reason, caller.scope),
        caller,
      );
      return { changed, position };
    },
  };
};
