import { streamNameFilter, START as BEGINNING, type EventStoreDBClient } from '@eventstore/db-client';
import type { RecordedEvent } from '../../domain/event.ts';
import { CATEGORIES } from '../../domain/stream.ts';
import { START } from '../../ports/event-log.ts';
import { createAssembler } from './assemble-commits.ts';
import { asError, isUnreachable } from './client-errors.ts';
import { readLogPage } from './pages.ts';
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
      prefixes: CATEGORIES.map((category) => `${category}-`),
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

    const probe = async (): Promise<void> => {
      const from = options.position();
      const page = await readLogPage(client, options, from, PROBE);
      if (ended || heard || options.position() !== from) return;
      if (page.events.length > 0) end();
      else if (page.position > from) publish([], page.position);
    };
    const watch = async (): Promise<void> => {
      if (!confirmed) throw new Error('Expected a subscription to be confirmed, but the server is silent.');
      if (!heard) await probe();
      heard = false;
      if (!ended) timer = clock.schedule(clock.now() + options.silence, tick);
    };
    const tick = (): void => void watch().catch(end);
    let timer = clock.schedule(clock.now() + options.timeout, tick);

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
