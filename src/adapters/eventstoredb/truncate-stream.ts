import {
  jsonEvent,
  NO_STREAM,
  WrongExpectedVersionError,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import type { AppendOptions } from './append-commit.ts';
import { callPatiently } from './call-patiently.ts';
import type { Connection } from './connection.ts';
import { readLast, type Patience } from './read-events.ts';
import { within } from './waiting.ts';

interface Metadata {
  /** The first revision that is shown. */
  readonly $tb?: number;
}

/** Has a stream begin at a revision; answers false when somebody else has changed its metadata meanwhile. */
const setFirst = async (
  client: EventStoreDBClient,
  patience: Patience,
  stream: string,
  before: number,
): Promise<boolean> => {
  // The client's own way to read metadata says the position of what it has read for its revision.
  const last = await readLast(client, patience, `$$${stream}`);
  const metadata = (last?.data ?? {}) as Metadata;
  if ((metadata.$tb ?? 0) >= before) return true;
  const event = jsonEvent({ type: '$metadata', data: { ...metadata, $tb: before } });
  try {
    await client.appendToStream(`$$${stream}`, event, { expectedRevision: last?.revision ?? NO_STREAM });
    return true;
  } catch (error) {
    if (error instanceof WrongExpectedVersionError) return false;
    throw error;
  }
};

/**
 * Has a stream begin at a revision. What is before it cannot be read from the stream any more; the server lets go of it
 * with its next scavenge, and brings it in reads of the whole log until then.
 */
export const truncateStream = (
  connection: Connection,
  options: AppendOptions,
  stream: string,
  before: number,
): Promise<void> =>
  callPatiently(connection, options, async ({ client, lost }) => {
    const set = async (): Promise<void> => {
      while (!(await setFirst(client, options, stream, before))) lost.throwIfAborted();
    };
    await within(options.clock, options.timeout, 'an answer to a truncation', set());
  });
