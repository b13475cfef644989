import { headAfter, NO_STREAM, seal, type StreamHead } from '../domain/chain.ts';
import type { RecordedEvent } from '../domain/event.ts';
import { current } from '../domain/registry.ts';
import type { ScheduleEvent } from '../domain/schedule/events.ts';
import { evolveSchedule, isWhole, UNSCHEDULED, type ScheduleState } from '../domain/schedule/state.ts';
import { streamOf } from '../domain/stream.ts';
import { WrongExpectedRevision, type EventLog } from '../ports/event-log.ts';
import { appendWhole, checkSize, whenAvailable } from './append.ts';
import type { Caller } from './caller.ts';
import type { Envelopes, World } from './envelope.ts';

/** Events that are read at a time, from the last one back. */
const PAGE = 200;

/** What `createSchedules` needs. */
export interface SchedulesOptions {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  /** The most bytes of one event's payload. */
  readonly maxPayload: number;
  readonly over: AbortSignal;
  /** Told that somebody's command has changed a schedule. */
  readonly changed?: (workflow: string) => void;
}

/** A schedule as its stream tells it. */
export interface KnownSchedule {
  readonly workflow: string;
  readonly state: ScheduleState;
  readonly head: StreamHead;
  readonly position: bigint;
}

/** Schedules by the names of their workflows, each in a stream of its own. */
export interface Schedules {
  /** A schedule as its stream tells it now, however long the log is away. */
  load(workflow: string): Promise<KnownSchedule>;
  /** Adds an event to what is known. Rejects with `WrongExpectedRevision` when others were first. */
  append(
    known: KnownSchedule,
    event: ScheduleEvent,
    caller: Caller,
    definition: string,
  ): Promise<KnownSchedule>;
  /** Loads, decides, appends; decides again on a conflict. */
  change(
    workflow: string,
    decide: (state: ScheduleState) => ScheduleEvent | undefined,
    caller: Caller,
  ): Promise<KnownSchedule>;
}

const scheduleEvent = (recorded: RecordedEvent): ScheduleEvent => {
  const { type, facts } = current(recorded);
  return { type, facts } as ScheduleEvent;
};

/** Reads and writes schedules. */
export const createSchedules = (options: SchedulesOptions): Schedules => {
  const { log, world, envelopes, maxPayload, over, changed } = options;

  /** However many times there were: the last ones say how things are. */
  const read = async (workflow: string): Promise<KnownSchedule> => {
    const stream = streamOf('schedule', workflow);
    const end = await log.head(stream);
    if (end === undefined) return { workflow, state: UNSCHEDULED, head: NO_STREAM, position: 0n };
    let from = Math.max(0, end.revision + 1 - PAGE);
    let last = await log.read(stream, { from });
    for (; from > 0 && !isWhole(last.map(scheduleEvent));) {
      const to = from;
      from = Math.max(0, to - PAGE);
      last = [...(await log.read(stream, { from, limit: to - from })), ...last];
    }
    const state = last.map(scheduleEvent).reduce(evolveSchedule, UNSCHEDULED);
    const { revision, commit, position } = last.at(-1) ?? missing(stream);
    return { workflow, state, head: { revision, hash: commit.hash }, position };
  };

  const load: Schedules['load'] = (workflow) => whenAvailable(world.clock, over, () => read(workflow));

  const append = async (
    { workflow, state, head }: KnownSchedule,
    event: ScheduleEvent,
    caller: Caller,
    definition?: string,
  ): Promise<KnownSchedule> => {
    const metadata = envelopes.open(workflow, caller, caller.tenant, world.clock.now(), definition);
    const commit = seal(streamOf('schedule', workflow), head, [event], metadata);
    checkSize(commit, maxPayload);
    const { position } = await appendWhole(log, world.clock, commit, over);
    return { workflow, state: evolveSchedule(state, event), head: headAfter(commit), position };
  };

  return {
    load,
    append,
    change: async (workflow, decide, caller) => {
      for (;;) {
        const known = await load(workflow);
        const event = decide(known.state);
        if (event === undefined) return known;
        try {
          const after = await append(known, event, caller);
          changed?.(workflow);
          return after;
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision)) throw error;
        }
      }
    },
  };
};

const missing = (stream: string): never => {
  throw new TypeError(`Expected ${stream} to have events, but there are none.`);
};
