import type { EventStoreDBClient } from '@eventstore/db-client';
import { START } from '../../ports/event-log.ts';
import { callForever, type Repeating } from './call-patiently.ts';
import type { Connection } from './connection.ts';
import { readLogPage, readStreamPage, type Page } from './pages.ts';
import { readEnd, readLast, readStream, type Patience } from './read-events.ts';

/** The log behind a position, page by page. */
export interface LogSource {
  /** The next page, once the server answers; `undefined` when `stop` aborts first. */
  after(position: bigint, limit: number, stop: AbortSignal): Promise<Page | undefined>;
}

const FEWEST = 256;

/** The whole log. */
export const wholeLog = (connection: Connection, repeating: Repeating, patience: Patience): LogSource => ({
  after: (position, limit, stop) =>
    callForever(connection, repeating, stop, ({ client }) =>
      readLogPage(client, patience, position, Math.max(limit, FEWEST)),
    ),
});

const firstRevisionAfter = async (
  client: EventStoreDBClient,
  patience: Patience,
  stream: string,
  position: bigint,
): Promise<number> => {
  if (position === START) return 0;
  let low = 0;
  let high = Number((await readLast(client, patience, stream))?.revision ?? -1n) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [event] = await readStream(client, patience, stream, middle, 1);
    if (event?.position && event.position.commit <= position) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The log as far as one stream goes: it reads that stream, so its cost is not that of the whole log. */
export const oneStream = (
  connection: Connection,
  repeating: Repeating,
  patience: Patience,
  stream: string,
): LogSource => {
  let next: { readonly revision: number; readonly after: bigint } | undefined;
  const read = async (client: EventStoreDBClient, position: bigint, limit: number): Promise<Page> => {
    // Before the stream: what it has up to here is then in this page or behind it.
    const end = await readEnd(client, patience);
    const from =
      next?.after === position ? next.revision : await firstRevisionAfter(client, patience, stream, position);
    const events = await readStreamPage(client, patience, stream, from, limit);
    const last = events.at(-1);
    const atEnd = events.length < limit;
    const reached = [position, last?.position ?? START, atEnd ? end : START].reduce((a, b) =>
      a > b ? a : b,
    );
    next = { revision: last ? last.revision + 1 : from, after: reached };
    return { events, position: reached, atEnd };
  };
  return {
    after: (position, limit, stop) =>
      callForever(connection, repeating, stop, ({ client }) =>
        read(client, position, Math.max(limit, FEWEST)),
      ),
  };
};
