import type { RecordedEvent } from '../../domain/event.ts';
import { SETTING_EVENTS } from '../../domain/execution/variables.ts';
import type { JsonObject } from '../../domain/json.ts';
import { current, type Recorded } from '../../domain/registry.ts';
import type { StoredDocument } from '../../ports/read-models.ts';
import { listed } from '../../projections/catalogue.ts';
import type { ExecutionDocument } from '../../projections/execution-document.ts';
import { executions } from '../../projections/executions.projection.ts';
import { CAPTURE_EVENTS } from '../../projections/ignored.ts';
import type { Projection } from '../../projections/projection.ts';
import type { TimelineDocument } from '../../projections/timeline-document.ts';
import { timeline } from '../../projections/timeline.projection.ts';

/** An execution as it was after an event of its stream. */
export interface Past {
  readonly revision: number;
  readonly position: bigint;
  /** Id of that event. */
  readonly event: string;
  readonly execution: StoredDocument<ExecutionDocument> | undefined;
  /** Revision of the event that has set each variable last. */
  readonly setAt: ReadonlyMap<string, number>;
  /** Entries of its timeline that more was to be said of, by key, and those that were asked for. */
  readonly entries: ReadonlyMap<string, StoredDocument<TimelineDocument>>;
}

/** The past being folded, by the projections that the views are folded by. */
export interface Folding {
  readonly past: Past;
  /**
   * Folds the next event of the stream; `passesOver` answers whether one that cannot be is parked.
   * Answers whether an entry of the timeline begins with it.
   */
  fold(event: RecordedEvent, passesOver: PassesOver): Promise<boolean>;
}

/** Looks on while a past is folded. */
export interface Watch {
  /** As it stands before the event. */
  before(past: Past, event: RecordedEvent): void;
  /** The event was folded; an entry of the timeline begins with it or not. */
  after(event: RecordedEvent, begins: boolean): void;
}

/** Whether a projection goes past an event that it cannot fold. */
export type PassesOver = (projection: string, event: string) => Promise<boolean>;

/** Told of an attempt after its end, when its entry may not be known any more. */
const LATE: ReadonlySet<string> = new Set(CAPTURE_EVENTS);

const SETTING: ReadonlySet<string> = new Set(SETTING_EVENTS);

type Folded<D> = Pick<Projection, 'name' | 'keyOf' | 'evolve'> & {
  readonly handles: ReadonlySet<string>;
  readonly document?: D;
};

const folded = <D>(projection: Projection): Folded<D> => ({
  name: projection.name,
  handles: new Set(projection.handles),
  keyOf: (event) => projection.keyOf(event),
  evolve: (doc, event) => projection.evolve(doc, event),
});

const EXECUTIONS = folded<ExecutionDocument>(listed(executions));
const TIMELINE = folded<TimelineDocument>(listed(timeline));

const isOver = ({ doc }: StoredDocument<TimelineDocument>): boolean =>
  doc.kind !== 'execution' && doc.endedAt !== null;

const NOTHING: Past = {
  revision: -1,
  position: 0n,
  event: '',
  execution: undefined,
  setAt: new Map(),
  entries: new Map(),
};

/** Folds on from a past, or from the start; keeps what becomes of the entries with these keys, also when they are over. */
export const foldFrom = (base: Past | undefined, keys: ReadonlySet<string>): Folding => {
  const from = base ?? NOTHING;
  const setAt = new Map(from.setAt);
  const entries = new Map(from.entries);
  let { execution } = from;
  let last: Pick<Past, 'revision' | 'position' | 'event'> = from;

  const next = async <D extends JsonObject>(
    { name, handles, keyOf, evolve }: Folded<D>,
    event: Recorded,
    known: (key: string) => StoredDocument<D> | undefined,
    passesOver: PassesOver,
  ): Promise<StoredDocument<D> | undefined> => {
    if (!handles.has(event.type)) return undefined;
    try {
      const key = keyOf(event);
      if (key === undefined) return undefined;
      return { key, doc: evolve(known(key)?.doc, event) as D, position: event.position };
    } catch (error) {
      if (await passesOver(name, event.id)) return undefined;
      throw error;
    }
  };

  return {
    get past() {
      return { ...last, execution, setAt, entries };
    },
    async fold(recorded, passesOver) {
      const event = current(recorded);
      execution = (await next(EXECUTIONS, event, () => execution, passesOver)) ?? execution;
      const entry = await next(TIMELINE, event, (key) => entries.get(key), passesOver);
      if (entry !== undefined && isOver(entry) && !keys.has(entry.key)) entries.delete(entry.key);
      else if (entry !== undefined) entries.set(entry.key, entry);
      if (SETTING.has(event.type)) {
        const { variables = {} } = JSON.parse(event.payload ?? '{}') as { readonly variables?: JsonObject };
        for (const name of Object.keys(variables)) setAt.set(name, event.revision);
      }
      last = { revision: event.revision, position: event.position, event: event.id };
      return entry?.doc.sequence === event.revision && !LATE.has(event.type);
    },
  };
};
