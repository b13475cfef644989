import { headAfter, NO_STREAM, seal, type StreamHead } from '../../domain/chain.ts';
import type { DomainEvent, RecordedEvent } from '../../domain/event.ts';
import { current } from '../../domain/registry.ts';
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
  readonly initial: S;
  readonly evolve: (state: S, event: E) => S;
}

/** Streams of a category that all nodes write to, each at its head as far as the log has told. */
export interface SharedStreams<S, E> {
  /** One that is kept up; `undefined` while it was not asked for, or while the log is not followed. */
  known(name: string): S | undefined;
  /** Rejects with `LogUnavailable` once it is over. */
  read(name: string): Promise<S>;
  /** Appends what is decided, on the state that it is decided on; answers the state after. Rejects as `read` does. */
  change(name: string, decide: (state: S, now: number) => readonly E[]): Promise<S>;
}

interface Entry<S> {
  head: StreamHead;
  state: S;
  isLoaded: boolean;
  readonly inTurn: ReturnType<typeof createTurns>;
}

/** The stream of something that may have any name. */
const streamFor = (category: Category, name: string): string =>
  streamOf(category, encodeURIComponent(name.toWellFormed()));

/**
 * Streams that are folded from their last event alone. The log is followed from when the first of them is asked for:
 * whoever waits for none pays for none.
 */
export const shareStreams = <S, E extends DomainEvent<string, object, undefined>>(
  { log, world, envelopes, logger, over }: SharedParts,
  { category, initial, evolve }: Folding<S, E>,
): SharedStreams<S, E> => {
  const entries = new Map<string, Entry<S>>();
  let following: Promise<boolean> | undefined;
  let isDeaf = false;

  const entryOf = (stream: string): Entry<S> => {
    const known = entries.get(stream);
    if (known !== undefined) return known;
    const entry = { head: NO_STREAM, state: initial, isLoaded: false, inTurn: createTurns() };
    entries.set(stream, entry);
    return entry;
  };

  const take = (entry: Entry<S>, recorded: RecordedEvent): void => {
    if (recorded.revision <= entry.head.revision) return;
    const { type, facts, revision, commit } = current(recorded);
    entry.state = evolve(entry.state, { type, facts } as unknown as E);
    entry.head = { revision, hash: commit.hash };
  };

  const follow = async (after: bigint): Promise<void> => {
    for await (const { events } of log.subscribe({ after, filter: { categories: [category] }, signal: over }))
      for (const event of events) {
        const entry = entries.get(event.stream);
        if (entry !== undefined) take(entry, event);
      }
  };

  /** Answers once nothing is missed that is appended from now on. */
  const followed = (): Promise<boolean> => {
    following ??= whenAvailable(world.clock, over, () => log.end()).then((end) => {
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
      return true;
    });
    // Whoever asks next tries again.
    following.catch(() => (following = undefined));
    return following;
  };

  const load = async (stream: string): Promise<Entry<S>> => {
    const entry = entryOf(stream);
    if (entry.isLoaded && !isDeaf) return entry;
    await followed();
    const end = await whenAvailable(world.clock, over, () => log.head(stream));
    if (end !== undefined && end.revision > entry.head.revision) {
      const last = await whenAvailable(world.clock, over, () => log.read(stream, { from: end.revision }));
      for (const event of last) take(entry, event);
    }
    entry.isLoaded = true;
    return entry;
  };

  const change = async (
    stream: string,
    name: string,
    decide: (state: S, now: number) => readonly E[],
  ): Promise<S> => {
    for (;;) {
      const entry = await load(stream);
      const now = world.clock.now();
      const events = decide(entry.state, now);
      if (events.length === 0) return entry.state;
      const { state, head } = entry;
      const commit = seal(stream, head, events, envelopes.open(name, undefined, 'default', now));
      try {
        await appendPatiently(log, world.clock, commit, over);
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        entry.isLoaded = false;
        continue;
      }
      // The log may have told of it already, and of more.
      if (entry.head.revision < headAfter(commit).revision) {
        entry.state = events.reduce(evolve, state);
        entry.head = headAfter(commit);
      }
      return entry.state;
    }
  };

  return {
    known: (name) => {
      const entry = entries.get(streamFor(category, name));
      return entry?.isLoaded && !isDeaf ? entry.state : undefined;
    },
    read: async (name) => (await load(streamFor(category, name))).state,
    change: (name, decide) => {
      const stream = streamFor(category, name);
      return entryOf(stream).inTurn(() => change(stream, name, decide));
    },
  };
};
