import type { EventStoreDBClient } from '@eventstore/db-client';
import type { RecordedEvent } from '../../domain/event.ts';
import { createAssembler, type StoredEvent } from './assemble-commits.ts';
import { readAll, readStream, type Patience } from './read-events.ts';

/** A run of our events, whole commits but for a first one that was entered in its middle. */
export interface Page {
  readonly events: readonly RecordedEvent[];
  /** Everything up to here was looked at, ours or not. */
  readonly position: bigint;
  /** Whether there was nothing more behind it. */
  readonly atEnd: boolean;
}

/**
 * Events of the whole log strictly after a position, about `limit` of them: it reads on to the end of a commit.
 * Reads of the whole log cannot be filtered by the server, so what is not ours is passed over here.
 */
export const readLogPage = async (
  client: EventStoreDBClient,
  patience: Patience,
  after: bigint,
  limit: number,
): Promise<Page> => {
  const assembler = createAssembler();
  const events: RecordedEvent[] = [];
  let position = after;
  let read = after;
  for (let wanted = limit; wanted > 0; wanted = assembler.missing()) {
    const found = await readAll(client, patience, read, wanted);
    for (const stored of found) {
      const commit = assembler.add(stored);
      if (commit) events.push(...commit);
      read = stored.position?.commit ?? read;
      if (assembler.missing() === 0) position = read;
    }
    if (found.length < wanted) return { events, position, atEnd: true };
  }
  return { events, position, atEnd: false };
};

/** Events of a stream from a revision on, at most `limit`; those of a commit that it ends in are complete. */
export const readStreamPage = async (
  client: EventStoreDBClient,
  patience: Patience,
  stream: string,
  from: number,
  limit: number,
): Promise<readonly RecordedEvent[]> => {
  const assembler = createAssembler();
  const events: RecordedEvent[] = [];
  let next = from;
  for (let wanted = limit; wanted > 0; wanted = assembler.missing()) {
    const found: StoredEvent[] = await readStream(client, patience, stream, next, wanted);
    for (const stored of found) {
      const commit = assembler.add(stored);
      if (commit) events.push(...commit);
    }
    const last = found.at(-1);
    if (last === undefined || found.length < wanted) break;
    // A stream that was truncated begins behind where it was asked for.
    next = Number(last.revision) + 1;
  }
  return events.slice(0, limit);
};
