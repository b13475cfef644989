import { NO_STREAM, seal } from '../domain/chain.ts';
import type { RecordedEvent } from '../domain/event.ts';
import { current } from '../domain/registry.ts';
import { streamOf } from '../domain/stream.ts';
import type { GatheringEvent, TriggerReleased } from '../domain/trigger/events.ts';
import { gather, openAfter, release, type Gathered, type ToGather } from '../domain/trigger/gather.ts';
import { WrongExpectedRevision, type EventLog } from '../ports/event-log.ts';
import { appendWhole, whenAvailable } from './append.ts';
import type { Caller } from './caller.ts';
import type { Envelopes, World } from './envelope.ts';
import { createTurnsByKey } from './in-turn.ts';
import { readBehind } from './read-behind.ts';
import { readGathered } from './gathered-events.ts';
import type { SettledEvents } from './settled-events.ts';
import type { StartingEvent } from './start-one.ts';

/** What `createGatherings` needs. */
export interface GatheringsOptions {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  /** The most bytes that the payloads of events take together that are gathered to start a run with all of them. */
  readonly most: number;
  readonly over: AbortSignal;
  readonly settled: SettledEvents;
  /** Told what was gathered of a key, by the id of its stream, and until when (ms since the Unix epoch). */
  readonly changed: (id: string, dueAt: number) => void;
}

/** An accepted event that is to be gathered, and where it is in the log. */
export interface Gatherable extends ToGather {
  readonly at: bigint;
  readonly caller: Caller;
}

/** That something gathered starts an execution, and the id of its stream. */
export interface Released {
  readonly id: string;
  readonly facts: TriggerReleased['facts'];
}

/** What became of an event that was to be gathered. */
export interface GatheredEvent {
  readonly position: bigint;
  /** What it waits with; `undefined` when that was released. */
  readonly open: Pick<Gathered, 'count' | 'dueAt'> | undefined;
  /** Its release. */
  readonly mine: Released | undefined;
  /** What was gathered before it and is released by that it came. */
  readonly before: Released | undefined;
}

/** What is gathered of keys, each in a stream of its own. All reject with `LogUnavailable` once it is over. */
export interface Gatherings {
  /** Has an event gathered, once, whoever asks and how often. */
  gather(event: Gatherable): Promise<GatheredEvent>;
  /** Releases what is due of a stream; answers that, or until when there is time, or `undefined` when nothing is gathered. */
  releaseDue(id: string): Promise<(Released & { settle(): void }) | number | undefined>;
  /** What was released starts a run with: the last event, and, where `all` are asked for, the payloads of them. */
  read(released: Released, all: boolean): Promise<StartingEvent>;
}

/** Of a gathering: `workflow`, or `workflow#key` where there is a key. */
export const gatheringIdOf = ({
  workflow,
  key,
}: {
  readonly workflow: string;
  readonly key: string;
}): string => (key === '' ? workflow : `${workflow}#${key}`);

/** Gathers on a log. */
export const createGatherings = (options: GatheringsOptions): Gatherings => {
  const { log, world, envelopes, most, over, settled, changed } = options;
  const { clock } = world;
  const inTurn = createTurnsByKey();

  const append = async (
    id: string,
    last: RecordedEvent | undefined,
    events: readonly GatheringEvent[],
    by: { readonly correlation: string; readonly caller: Caller | undefined; readonly tenant: string },
  ): Promise<bigint> => {
    const head = last === undefined ? NO_STREAM : { revision: last.revision, hash: last.commit.hash };
    const definition = events.at(-1)?.facts.definition;
    const metadata = envelopes.open(by.correlation, by.caller, by.tenant, clock.now(), definition);
    const commit = seal(streamOf('gathering', id), head, events, metadata);
    return (await appendWhole(log, clock, commit, over)).position;
  };

  const gatherOnce = async (id: string, asked: Gatherable): Promise<GatheredEvent> => {
    const { at, caller, ...event } = asked;
    const known = await whenAvailable(clock, over, () => readBehind(log, streamOf('gathering', id), at));
    const decided = known.find(({ type, facts }) => type === GATHERED && facts['event'] === event.event);
    if (decided !== undefined) return said(id, known, decided);
    const last = known.at(-1);
    const revision = (last?.revision ?? -1) + 1;
    const now = clock.now();
    const events = gather(openAfter(last && gatheringEvent(last)), event, { now, revision, most });
    const by = { correlation: event.event, caller, tenant: caller.tenant };
    const position = await append(id, last, events, by);
    const [before, mine] = [events[0], events.at(-1)].map((one) => releasedBy(id, one));
    const open = openAfter(events.at(-1));
    if (open !== undefined) changed(id, open.dueAt);
    return { position, open, before, mine };
  };

  const releaseOnce: Gatherings['releaseDue'] = async (id) => {
    const stream = streamOf('gathering', id);
    const [last] = await whenAvailable(clock, over, () => readLast(log, stream));
    const open = openAfter(last && gatheringEvent(last));
    if (last === undefined || open === undefined) return undefined;
    if (open.dueAt > clock.now()) return open.dueAt;
    const event = release(open, 'due');
    const settle = settled.open();
    try {
      const { tenant } = last.commit.metadata;
      settled.reach(await append(id, last, [event], { correlation: id, caller: undefined, tenant }));
      return { id, facts: event.facts, settle };
    } catch (error) {
      if (error instanceof WrongExpectedRevision) settle();
      throw error;
    }
  };

  /** Others may have written to the stream meanwhile. */
  const again = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
  };

  return {
    gather: (event) => {
      const id = gatheringIdOf(event);
      return inTurn(id, () => again(() => gatherOnce(id, event)));
    },
    releaseDue: (id) => inTurn(id, () => again(() => releaseOnce(id))),
    read: (released, all) => whenAvailable(clock, over, () => readGathered(log, released, all)),
  };
};

const GATHERED: GatheringEvent['type'] = 'trigger.gathered';

const gatheringEvent = (recorded: RecordedEvent): GatheringEvent => {
  const { type, facts } = current(recorded);
  return { type, facts } as GatheringEvent;
};

const readLast = async (log: EventLog, stream: string): Promise<readonly RecordedEvent[]> => {
  const head = await log.head(stream);
  return head === undefined ? [] : log.read(stream, { from: head.revision, limit: 1 });
};

const releasedBy = (id: string, event: GatheringEvent | undefined): Released | undefined =>
  event?.type === 'trigger.released' ? { id, facts: event.facts } : undefined;

/** What became of an event that was gathered before. */
const said = (id: string, known: readonly RecordedEvent[], decided: RecordedEvent): GatheredEvent => {
  const released = known.find(({ type, revision }) => type !== GATHERED && revision > decided.revision);
  const last = released ?? known.at(-1) ?? decided;
  const event = gatheringEvent(last);
  return { position: last.position, before: undefined, mine: releasedBy(id, event), open: openAfter(event) };
};
