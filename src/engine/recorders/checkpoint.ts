import { headAfter, NO_STREAM, seal, type StreamHead } from '../../domain/chain.ts';
import type { RecorderAdvanced } from '../../domain/recorder/events.ts';
import { streamOf } from '../../domain/stream.ts';
import type { Envelopes, World } from '../../commands/envelope.ts';
import type { EventLog } from '../../ports/event-log.ts';

/** How far a recorder has got, kept in the log: it is as durable as what the recorder is given, and backed up with it. */
export interface Checkpoint {
  /** That position; `undefined` when it has got nowhere. */
  read(): Promise<bigint | undefined>;
  /** Moves it on. Rejects with `WrongExpectedRevision` when another node has done so since it was read. */
  save(position: bigint): Promise<void>;
}

/** What checkpoints are kept with. */
export interface CheckpointParts {
  readonly log: Pick<EventLog, 'append' | 'head' | 'read'>;
  readonly world: World;
  readonly envelopes: Envelopes;
}

/** The checkpoint of a recorder. */
export const createCheckpoint = (
  { log, world, envelopes }: CheckpointParts,
  recorder: string,
): Checkpoint => {
  const stream = streamOf('recorder', recorder);
  let head: StreamHead = NO_STREAM;
  return {
    read: async () => {
      head = (await log.head(stream)) ?? NO_STREAM;
      if (head === NO_STREAM) return undefined;
      const [last] = await log.read(stream, { from: head.revision, limit: 1 });
      return last === undefined ? undefined : BigInt((last.facts as RecorderAdvanced['facts']).position);
    },
    save: async (position) => {
      const facts = { recorder, position: String(position) };
      const event: RecorderAdvanced = { type: 'recorder.advanced', facts };
      const metadata = envelopes.open(recorder, undefined, 'default', world.clock.now());
      const commit = seal(stream, head, [event], metadata);
      await log.append(commit);
      head = headAfter(commit);
    },
  };
};
