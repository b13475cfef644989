import { headAfter, NO_STREAM, seal, type StreamHead } from '../../domain/chain.ts';
import type { DomainEvent, RecordedEvent } from '../../domain/event.ts';
import { current } from '../../domain/registry.ts';
import type { Rejection } from '../../domain/rejection.ts';
import { entityOf } from '../../domain/stream.ts';
import { appendWhole, whenAvailable } from '../../commands/append.ts';
import type { Caller } from '../../commands/caller.ts';
import { WrongExpectedRevision, type EventLog } from '../../ports/event-log.ts';
import { readStream } from '../../ports/read-stream.ts';
import type { RetentionParts } from './parts.ts';

type Happened = DomainEvent<string, object, unknown>;

/** A stream that is folded from its first event on. */
export interface FoldedStream<State, Event extends Happened> {
  readonly stream: string;
  readonly initial: State;
  /** `at`: ms since the Unix epoch. */
  readonly evolve: (state: State, event: Event, at: number) => State;
}

/** What a stream says, and where it ends. */
export interface Known<State> {
  readonly state: State;
  readonly head: StreamHead;
}

/** An event of the log with its payload read. */
export const happenedOf = (event: RecordedEvent): Happened => {
  const { type, facts, payload } = current(event);
  return { type, facts, ...(payload === undefined ? {} : { payload: JSON.parse(payload) as unknown }) };
};

/** What a stream says. Rejects as the log does. */
const readFolded = async <State, Event extends Happened>(
  log: Pick<EventLog, 'read'>,
  { stream, initial, evolve }: FoldedStream<State, Event>,
): Promise<Known<State>> => {
  let state = initial;
  let head = NO_STREAM;
  for await (const page of readStream(log, stream))
    for (const event of page) {
      state = evolve(state, happenedOf(event) as Event, event.commit.metadata.at);
      head = { revision: event.revision, hash: event.commit.hash };
    }
  return { state, head };
};

/** A stream that one alone writes to: whoever comes between is told so. */
export interface FencedStream<State, Event extends Happened> {
  readonly state: State;
  /** Rejects with what was given for it when somebody else has written to the stream, and as the log does. */
  append(event: Event): Promise<void>;
}

/**
 * Opens a stream that one alone writes to; `refused` is for whoever is not. All of it is read unless `read` says otherwise.
 * Rejects as the log does.
 */
export const openFenced = async <State, Event extends Happened>(
  { log, world, envelopes, over }: Pick<RetentionParts, 'log' | 'world' | 'envelopes' | 'over'>,
  folded: FoldedStream<State, Event>,
  caller: Caller,
  refused: () => Rejection,
  read: () => Promise<Known<State>> = () => readFolded(log, folded),
): Promise<FencedStream<State, Event>> => {
  const { stream, evolve } = folded;
  let { state, head } = await whenAvailable(world.clock, over, read);
  return {
    get state() {
      return state;
    },
    append: async (event) => {
      const metadata = envelopes.open(entityOf(stream), caller, caller.tenant, world.clock.now());
      const commit = seal(stream, head, [event], metadata);
      try {
        await appendWhole(log, world.clock, commit, over);
      } catch (error) {
        throw error instanceof WrongExpectedRevision ? refused() : error;
      }
      head = headAfter(commit);
      state = evolve(state, event, metadata.at);
    },
  };
};
