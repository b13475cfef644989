import type { RecordedEvent } from '../../domain/event.ts';
import { CATEGORIES, type Category } from '../../domain/stream.ts';
import { START, WrongExpectedRevision, type EventLog } from '../../ports/event-log.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Recorder } from '../../ports/recorder.ts';
import { wait } from '../../ports/wait.ts';
import type { Owned } from '../owned.ts';
import { createCheckpoint, type CheckpointParts } from './checkpoint.ts';

/** Milliseconds between two looks whether this node is to feed it. */
const LOOK = 250;
/** Milliseconds between two attempts: the first pause, which doubles, and the longest. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 30_000;
/** Events of one call. */
const BATCH = 256;
/** Milliseconds, and events, after which it is stored how far it has got. */
const OFTEN = 5_000;
const MANY = 1_000;

/** What nodes write down for themselves is no news for anybody. */
const OF_NODES: readonly Category[] = ['partition', 'limiter', 'recorder', 'truncation'];
const GIVEN = CATEGORIES.filter((category) => !OF_NODES.includes(category));

/** What recorders are fed with. */
export interface FeedingParts extends CheckpointParts {
  readonly log: EventLog;
  readonly logger: Logger;
  /** A recorder belongs to a node as an execution does: by its name. */
  readonly owned: Owned;
}

/** A recorder that is being fed. */
export interface Feeding {
  /** Stores how far it has got, and lets go of it. Never rejects. */
  close(): Promise<void>;
}

/** Gives a recorder every event, one node at a time; when it fails the same events come again, after a while. */
export const feedRecorder = (parts: FeedingParts, recorder: Recorder): Feeding => {
  const { log, logger, owned, world } = parts;
  const { name } = recorder;
  const checkpoint = createCheckpoint(parts, name);
  const ending = new AbortController();
  const { signal } = ending;
  const isMine = (): boolean => owned.holds(name);

  /** Answers whether they are safe with it: not when this node is not to feed it any more. */
  const give = async (events: readonly RecordedEvent[]): Promise<boolean> => {
    let pause = FIRST_PAUSE;
    while (isMine() && !signal.aborted) {
      try {
        await recorder.record(events, signal);
        return true;
      } catch (error) {
        if (signal.aborted) return false;
        logger.warn({ recorder: name, err: error }, 'A recorder does not take events; they come again.');
      }
      await wait(world.clock, pause, signal);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
    return false;
  };

  const begin = async (): Promise<bigint> => {
    const known = await checkpoint.read();
    if (known !== undefined) return known;
    const position = recorder.from === 'start' ? START : await log.end();
    await checkpoint.save(position);
    return position;
  };

  const feed = async (): Promise<void> => {
    let position = await begin();
    let saved = { at: world.clock.now(), events: 0 };
    const save = async (): Promise<void> => {
      if (saved.events > 0) await checkpoint.save(position);
      saved = { at: world.clock.now(), events: 0 };
    };
    const filter = { categories: GIVEN };
    for await (const batch of log.subscribe({ after: position, filter, signal, batch: BATCH })) {
      if (batch.events.length > 0 && !(await give(batch.events))) break;
      position = batch.position;
      saved = { ...saved, events: saved.events + batch.events.length };
      if (saved.events >= MANY || world.clock.now() - saved.at >= OFTEN) await save();
      if (!isMine()) break;
    }
    if (isMine()) await save();
  };

  const feedOrSay = async (): Promise<void> => {
    try {
      await feed();
    } catch (error) {
      // Another node has fed it meanwhile; whoever feeds it next goes on where that one left off.
      if (error instanceof WrongExpectedRevision || signal.aborted) return;
      logger.warn({ recorder: name, err: error }, 'A recorder cannot be fed; it is tried again.');
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      if (isMine()) await feedOrSay();
      await wait(world.clock, LOOK, signal);
    }
  };

  const running = run();
  return {
    close: async () => {
      ending.abort();
      await running;
      await recorder.close().catch((error: unknown) => {
        logger.warn({ recorder: name, err: error }, 'A recorder cannot be closed.');
      });
    },
  };
};
