import type { EventOf } from '../domain/registry.ts';
import type { CommitMetadata } from '../domain/event.ts';
import { streamOf } from '../domain/stream.ts';
import type { EventLog } from '../ports/event-log.ts';
import { readStream } from '../ports/read-stream.ts';

/** An event that a projection passes over where it cannot fold it, and who let it. */
export interface ParkedEvent {
  readonly facts: EventOf<'projection.event_parked'>['facts'];
  readonly actor: CommitMetadata['actor'];
  /** When it was parked, ms since the Unix epoch. */
  readonly at: number;
  readonly reason: string;
  /** What the projection said of it. */
  readonly error: string;
}

/** The events that are parked for a projection, in the order in which they were. Rejects as the log does. */
export const readParked = async (
  log: Pick<EventLog, 'read'>,
  projection: string,
): Promise<readonly ParkedEvent[]> => {
  const parked: ParkedEvent[] = [];
  for await (const page of readStream(log, streamOf('projection', projection)))
    for (const { facts, payload, commit } of page) {
      const { at, actor } = commit.metadata;
      const why = JSON.parse(payload ?? '{}') as { readonly reason: string; readonly error: string };
      parked.push({ facts: facts as ParkedEvent['facts'], actor, at, ...why });
    }
  return parked;
};

/** Their ids. Rejects as the log does. */
export const readParkedIds = async (
  log: Pick<EventLog, 'read'>,
  projection: string,
): Promise<ReadonlySet<string>> =>
  new Set((await readParked(log, projection)).map(({ facts }) => facts.event));
