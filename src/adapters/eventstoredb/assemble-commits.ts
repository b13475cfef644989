import { eventId } from '../../domain/chain.ts';
import type { Commit, Facts, RecordedEvent } from '../../domain/event.ts';
import { LogCorrupt } from '../../ports/event-log.ts';
import { isOurStream, METADATA_KEY, type EventMetadata } from './stored-commit.ts';

/** An event as the client gives it. */
export interface StoredEvent {
  readonly streamId: string;
  readonly id: string;
  readonly revision: bigint;
  readonly type: string;
  readonly data: unknown;
  readonly metadata?: unknown;
  readonly position?: { readonly commit: bigint };
}

/** Puts commits together again from their events, which follow each other in every read. */
export interface Assembler {
  /**
   * Takes the next event. Answers the commit's events once it has the last one (of a commit that was entered
   * in its middle: those from there), and nothing for an event that is not ours. Throws `LogCorrupt`.
   */
  add(event: StoredEvent): readonly RecordedEvent[] | undefined;
  /** How many events of the commit are still to come. */
  missing(): number;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What we wrote beside the event; `undefined` when another application wrote it. */
export const metadataOf = (event: StoredEvent): EventMetadata | undefined => {
  if (!isOurStream(event.streamId)) return undefined;
  const ours = isObject(event.metadata) ? event.metadata[METADATA_KEY] : undefined;
  if (!isObject(ours) || typeof ours['index'] !== 'number' || typeof ours['size'] !== 'number')
    return undefined;
  return ours as unknown as EventMetadata;
};

const corrupt = (event: StoredEvent, expected: string): LogCorrupt =>
  new LogCorrupt(`Expected ${expected}, but found ${event.streamId}@${event.revision} (event ${event.id}).`);

interface Placed {
  readonly event: StoredEvent;
  readonly metadata: EventMetadata;
}

const record = ({ event, metadata }: Placed, commit: Commit): RecordedEvent => {
  const { data } = event;
  if (!isObject(data) || !isObject(data['facts'])) throw corrupt(event, 'an event with facts');
  if (!event.position) throw corrupt(event, 'an event with a position');
  return {
    position: event.position.commit,
    stream: event.streamId,
    revision: Number(event.revision),
    id: metadata.id ?? eventId(commit.metadata.$causationId, Number(event.revision)),
    type: event.type,
    facts: data['facts'] as Facts,
    payload: 'payload' in data ? JSON.stringify(data['payload']) : undefined,
    commit,
  };
};

/** Starts to put commits together, at any place of a stream or of the log. */
export const createAssembler = (): Assembler => {
  let open: Placed[] = [];
  let before: Placed | undefined;

  const follows = (event: StoredEvent, { index, size }: EventMetadata): boolean => {
    if (!before) return true;
    if (open.length === 0) return index === 0;
    const place = before.event.streamId === event.streamId && before.event.revision + 1n === event.revision;
    return place && before.metadata.index + 1 === index && before.metadata.size === size;
  };

  return {
    missing: () => (open.length > 0 && before ? before.metadata.size - 1 - before.metadata.index : 0),
    add: (event) => {
      const metadata = metadataOf(event);
      if (!metadata) return undefined;
      if (!follows(event, metadata)) throw corrupt(event, `the next event of a commit`);
      before = { event, metadata };
      open.push(before);
      if (metadata.index < metadata.size - 1) return undefined;
      if (!metadata.commit) throw corrupt(event, `the commit's metadata with its last event`);
      const { size } = metadata;
      const commit: Commit = { ...metadata.commit, revision: Number(event.revision) - size + 1, size };
      const events = open.map((placed) => record(placed, commit));
      open = [];
      return events;
    },
  };
};
