import { headAfter, NO_STREAM, seal, type StreamHead } from '../../domain/chain.ts';
import type { DomainEvent, RecordedEvent } from '../../domain/event.ts';
import { current, type EventType } from '../../domain/registry.ts';
import { streamOf, type Category } from '../../domain/stream.ts';
import { appendPatiently, whenAvailable } from '../../commands/append.ts';
import type { Envelopes, World } from '../../commands/envelope.ts';
import { createTurns } from '../../commands/in-turn.ts';
import { WrongExpectedRevision, type EventLog } from '../../ports/event-log.ts';
import type { Logger } from '../../ports/logger.ts';

/** What streams are shared with. */
export interface SharedParts {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  readonly logger: Logger;
  /** Once aborted, nothing is followed or appended any more. */
  readonly over: AbortSignal;
}

/** How the streams of a category are folded. */
export interface Folding<S, E extends DomainEvent<string, object, undefined>> {
  readonly category: Category;
  /** The types of its events, and those of others that `others` is told of. */
  readonly types: readonly EventType[];
  readonly initial: S;
  readonly evolve: (state: S, event: E) => S;
  /** The revision from which on an event and those before it say all there is to know. */
  readonly startOf: (last: RecordedEvent) => number;
  /** Told of events of other streams. */
  readonly others?: (event: RecordedEvent) => void;
}

/** Streams of a category that all nodes write to, each at its head as far as the log has told. */
export interface SharedStreams<S, E> {
  /** One that is kept up; `undefined` while it was not asked for, or while the log is not followed. */
  known(name: string): S | undefined;
  /** Rejects with `LogUnavailable` once it is over. */
  read(name: string): Promise<S>;
  /**
   * Appends what is decided, on the state that it is decided on; answers the state after. `next` is the revision of the
   * first event. Rejects as `read` does.
   */
  change(name: string, decide: (state: S, now: number, next: number) => readonly E[]): Promise<S>;
  /** Calls back whenever something happened to one, until that is called that it answers. */
  watch(name: string, changed: () => void): () => void;
}

interface Entry<S> {
  head: StreamHead;
  state: S;
  isLoaded: boolean;
  /** The log has told of something before all that comes before it was read. */
  isBehind: boolean;
  readonly watchers: Set<() => void>;
  readonly inTurn: ReturnType<typeof createTurns>;
}

const PAGE = 1_000;

/** The stream of something that may have any name. */
const streamFor = (category: Category, name: string): string =>
  streamOf(category, encodeURIComponent(name.toWellFormed()));

/**
 * Streams that are folded from a late part of theirs alone. The log is followed from when the first of them is asked for:
 * whoever waits for none pays for none.
 */
export const shareStreams = <S, E extends DomainEvent<string, object, undefined>>(
  { log, world, envelopes, logger, over }: SharedParts,
  { category, types, initial, evolve, startOf, others }: Folding<S, E>,
): SharedStreams<S, E> => {
  const { clock } = world;
  const entries = new Map<string, Entry<S>>();
  let following: Promise<void> | undefined;
  let isDeaf = false;

  const entryOf = (stream: string): Entry<S> => {
    const known = entries.get(stream);
    if (known !== undefined) return known;
    const head = NO_STREAM;
    const entry = { head, state: initial, isLoaded: false, isBehind: false, watchers: new Set<() => void>() };
    const created = { ...entry, inTurn: createTurns() };
    entries.set(stream, created);
    return created;
  };

  const put = (entry: Entry<S>, state: S, head: StreamHead): void => {
    entry.state = state;
    entry.head = head;
    for (const changed of entry.watchers) changed();
  };

  const take = (entry: Entry<S>, recorded: RecordedEvent): void => {
    const { revision } = recorded;
    if (revision <= entry.head.revision) return;
    if (revision > entry.head.revision + 1) {
      entry.isBehind = true;
      return;
    }
    const { type, facts, commit } = current(recorded);
    put(entry, evolve(entry.state, { type, facts } as unknown as E), { revision, hash: commit.hash });
  };

  const follow = async (after: bigint): Promise<void> => {
    for await (const { events } of log.subscribe({ after, filter: { types }, signal: over }))
      for (const event of events) {
        const entry = entries.get(event.stream);
        if (entry !== undefined) take(entry, event);
        else others?.(event);
      }
  };

  const begin = async (): Promise<void> => {
    const end = await whenAvailable(clock, over, () => log.end());
    follow(end).then(
      () => (isDeaf = true),
      (error: unknown) => {
        isDeaf = true;
        logger.error(
          { err: error, category },
          'The log cannot be followed; it is read for each call instead.',
        );
      },
    );
  };

  /** Resolves once nothing is missed that is appended from now on. */
  const followed = async (): Promise<void> => {
    following ??= begin();
    try {
      await following;
    } catch (error) {
      // Whoever asks next tries again.
      following = undefined;
      throw error;
    }
  };

  const ask = <T>(work: () => Promise<T>): Promise<T> => whenAvailable(clock, over, work);

  const catchUp = async (entry: Entry<S>, stream: string): Promise<void> => {
    const end = await ask(() => log.head(stream));
    if (end === undefined || end.revision <= entry.head.revision) return;
    const [last] = await ask(() => log.read(stream, { from: end.revision, limit: 1 }));
    const start = last === undefined ? 0 : startOf(last);
    if (start > entry.head.revision + 1) {
      entry.state = initial;
      entry.head = { revision: start - 1, hash: '' };
    }
    while (entry.head.revision < end.revision) {
      const from = entry.head.revision + 1;
      for (const event of await ask(() => log.read(stream, { from, limit: PAGE }))) take(entry, event);
    }
  };

  const load = async (stream: string): Promise<Entry<S>> => {
    const entry = entryOf(stream);
    if (entry.isLoaded && !entry.isBehind && !isDeaf) return entry;
    await followed();
    do {
      entry.isBehind = false;
      await catchUp(entry, stream);
    } while (entry.isBehind);
    entry.isLoaded = true;
    return entry;
  };

  const change = async (
    stream: string,
    name: string,
    decide: (state: S, now: number, next: number) => readonly E[],
  ): Promise<S> => {
    for (;;) {
      const entry = await load(stream);
      const now = clock.now();
      const { state, head } = entry;
      const events = decide(state, now, head.revision + 1);
      if (events.length === 0) return state;
      const commit = seal(stream, head, events, envelopes.open(name, undefined, 'default', now));
      try {
        await appendPatiently(log, clock, commit, over);
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        entry.isBehind = true;
        continue;
      }
      // The log may have told of it already, and of more.
      const after = events.reduce(evolve, state);
      if (entry.head.revision === head.revision) put(entry, after, headAfter(commit));
      return after;
    }
  };

  return {
    known: (name) => {
      const entry = entries.get(streamFor(category, name));
      return entry?.isLoaded && !entry.isBehind && !isDeaf ? entry.state : undefined;
    },
    read: async (name) => (await load(streamFor(category, name))).state,
    change: (name, decide) => {
      const stream = streamFor(category, name);
      return entryOf(stream).inTurn(() => change(stream, name, decide));
    },
    watch: (name, changed) => {
      const { watchers } = entryOf(streamFor(category, name));
      watchers.add(changed);
      return () => void watchers.delete(changed);
    },
  };
};
