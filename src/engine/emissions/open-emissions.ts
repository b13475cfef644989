import { startedIdOf, type EventEmitted } from '../../domain/emission.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import type { EventType } from '../../domain/registry.ts';
import { entityOf } from '../../domain/stream.ts';
import { executionIdOf } from '../../domain/uuid.ts';

/**
 * An accepted event of which not everything is started, as far as the log was looked through; or a release of what was
 * gathered that did not start its execution.
 */
export interface OpenEmission {
  readonly eventId: string;
  /** The event of the log that says so. */
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
  /** Strictly behind this position. */
  readonly after: bigint;
  /** When it was accepted, ms since the Unix epoch by the clock of the node that did. */
  readonly at: number;
  /** Ids of the executions that are not started. */
  readonly left: ReadonlySet<string>;
  /** Those of them that another event with the same key may have started, also before. */
  readonly shared: ReadonlySet<string>;
}

/** The accepted events that have not started everything, by what the log says. */
export interface OpenEmissions {
  /** Takes an event of the log, of any type, in its order. */
  see(event: RecordedEvent): void;
  /** An execution is there, whoever started it and when. */
  started(executionId: string): void;
  /** Everything up to here was seen. */
  reach(position: bigint): void;
  /** Takes those that are open of the log's part before this one, which may have been read while this one was seen. */
  adopt(before: OpenEmissions): void;
  /** From the oldest on. */
  list(): readonly OpenEmission[];
  /** Every event up to here has started what it starts. */
  readonly settled: bigint;
}

const EMITTED: EventType = 'event.emitted';
const STARTED: EventType = 'execution.started';
const SKIPPED: EventType = 'trigger.skipped';
const GATHERED: EventType = 'trigger.gathered';
const RELEASED: EventType = 'trigger.released';

/** The types of events that it goes by. */
export const SEEN: readonly string[] = [EMITTED, STARTED, SKIPPED, GATHERED, RELEASED];

/** Looks through the log from a position on; `joins` when the part before it is to be adopted. */
export const createOpenEmissions = (after: bigint, joins = false): OpenEmissions => {
  let reached = after;
  let open = new Map<string, OpenEmission & { readonly left: Set<string> }>();
  const byExecution = new Map<string, readonly string[]>();
  // What was accepted before is not known here, and may be started before it is adopted.
  let startedEarly: Set<string> | undefined = joins ? new Set() : undefined;

  const close = (eventId: string, executionId: string): void => {
    const emission = open.get(eventId);
    emission?.left.delete(executionId);
    if (emission?.left.size === 0) open.delete(eventId);
  };

  const start = (executionId: string): void => {
    startedEarly?.add(executionId);
    for (const eventId of byExecution.get(executionId) ?? []) close(eventId, executionId);
    byExecution.delete(executionId);
  };

  /** An event has come to what it comes to without starting this; another that has the same key may still do so. */
  const settle = (eventId: string, executionId: string): void => {
    startedEarly?.add(`${eventId} ${executionId}`);
    close(eventId, executionId);
    const others = byExecution.get(executionId)?.filter((other) => other !== eventId) ?? [];
    if (others.length > 0) byExecution.set(executionId, others);
    else byExecution.delete(executionId);
  };

  const put = (emission: OpenEmission): void => {
    if (emission.left.size === 0) return;
    open.set(emission.eventId, { ...emission, left: new Set(emission.left) });
    for (const id of emission.left) byExecution.set(id, [...(byExecution.get(id) ?? []), emission.eventId]);
  };

  return {
    see: ({ type, stream, revision, facts, position, commit }) => {
      const seen = { stream, revision, position, after: reached, at: commit.metadata.at };
      if (type === STARTED) start(entityOf(stream));
      else if (type === SKIPPED) settle(facts['event'] as string, facts['execution'] as string);
      else if (type === GATHERED) {
        // From here on it is its gathering that starts something.
        const event = facts['event'] as string;
        settle(event, executionIdOf(facts['workflow'] as string, event));
      } else if (type === RELEASED) {
        const left = new Set([facts['execution'] as string]);
        put({ ...seen, eventId: `${entityOf(stream)}@${revision}`, left, shared: new Set() });
      } else if (type === EMITTED) {
        const eventId = entityOf(stream);
        const { starts = [] } = facts as EventEmitted['facts'];
        const left = new Set(starts.map((pinned) => startedIdOf(pinned, eventId)));
        const shared = new Set(starts.flatMap(({ execution }) => execution ?? []));
        put({ ...seen, eventId, left, shared });
      }
      reached = position;
    },
    started: start,
    reach: (position) => {
      if (position > reached) reached = position;
    },
    adopt: (before) => {
      const early = startedEarly ?? new Set();
      startedEarly = undefined;
      const since = [...open.values()];
      open = new Map();
      byExecution.clear();
      for (const { eventId, left, ...emission } of before.list()) {
        const isLeft = (id: string): boolean => !early.has(id) && !early.has(`${eventId} ${id}`);
        put({ ...emission, eventId, left: new Set([...left].filter(isLeft)) });
      }
      for (const emission of since) if (!open.has(emission.eventId)) put(emission);
    },
    list: () => [...open.values()],
    get settled() {
      for (const { after: oldest } of open.values()) return oldest;
      return reached;
    },
  };
};
