import { streamNameFilter, START as BEGINNING, type EventStoreDBClient } from '@eventstore/db-client';
import type { RecordedEvent } from '../../domain/event.ts';
import { START } from '../../ports/event-log.ts';
import { createAssembler } from './assemble-commits.ts';
import { asError, isUnreachable } from './client-errors.ts';
import { readLogPage } from './pages.ts';
import { STREAM_PREFIXES } from './stored-commit.ts';
import { leave, type Patience } from './read-events.ts';

/** How to listen. */
export interface Listening extends Patience {
  /** A subscription that says nothing for so long (ms) is checked against the log. */
  readonly silence: number;
  /** Up to where everything was published. */
  readonly position: () => bigint;
  /** Takes a commit's events, or none when only others' events were passed over. */
  readonly publish: (events: readonly RecordedEvent[], position: bigint) => void;
  /** Ends it. */
  readonly stop: AbortSignal;
}

const PROBE = 256;

const subscribe = (client: EventStoreDBClient, after: bigint) =>
  client.subscribeToAll({
    fromPosition: after === START ? BEGINNING : { commit: after, prepare: after },
    // Checkpoints run ahead of what was processed, so none are used; the server has to be given some interval.
    filter: streamNameFilter({
      prefixes: [...STREAM_PREFIXES],
      checkpointInterval: 1_000,
    }),
  });

/**
 * Publishes what is appended, from `position()` on, over one subscription of the server's.
 * Resolves when the subscription ended and may be made again; rejects when the client may be broken.
 */
export const listen = (client: EventStoreDBClient, options: Listening): Promise<void> =>
  new Promise((resolve, reject) => {
    const { clock, stop, publish } = options;
    const assembler = createAssembler();
    const subscription = subscribe(client, options.position());
    let heard = false;
    let confirmed = false;
    let ended = false;

    const end = (error?: unknown): void => {
      if (ended) return;
      ended = true;
      timer.cancel();
      stop.removeEventListener('abort', stopped);
      void leave(subscription);
      if (error === undefined) resolve();
      else reject(asError(error));
    };
    const stopped = (): void => end();

    // The log itself says whether the subscription kept something back.
    const probe = async (): Promise<void> => {
      const from = options.position();
      const page = await readLogPage(client, options, from, PROBE);
      if (ended || heard || options.position() !== from) return;
      publish(page.events, page.position);
      if (page.events.length > 0 || !confirmed) end();
    };
    const watch = async (): Promise<void> => {
      if (!heard) await probe();
      heard = false;
      if (!ended) timer = clock.after(options.silence, tick);
    };
    const tick = (): void => void watch().catch(end);
    let timer = clock.after(options.timeout, tick);

    subscription.on('confirmation', () => {
      confirmed = true;
    });
    subscription.on('data', ({ event }) => {
      heard = true;
      if (!event || ended) return;
      try {
        const events = assembler.add(event);
        const last = events?.at(-1);
        if (events && last) publish(events, last.position);
      } catch (error) {
        end(error);
      }
    });
    subscription.on('error', (error) => end(isUnreachable(error) ? error : undefined));
    subscription.on('end', stopped);
    subscription.on('close', stopped);
    stop.addEventListener('abort', stopped);
    if (stop.aborted) stopped();
  });
