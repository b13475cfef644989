import { setTimeout as pause } from 'node:timers/promises';
import type { ReadModels, StoredText } from '../src/ports/read-models.ts';
import { liveCollections } from '../src/projections/live-collections.ts';
import type { Projector } from '../src/projections/projector.ts';
import { percentiles, type Latency } from './figures.ts';

/** What came of reading. */
export interface Reads {
  readonly reads: number;
  readonly failures: number;
  /** Milliseconds. */
  readonly latency: Latency;
}

const READERS = 2;
const PAGE = 20;
/** Milliseconds between two pages of one reader, who would else take a processor from those who fold. */
const PAUSE = 1;

/** Reads all executions page by page, hundreds of pages a second, again and again, until it is stopped: so many, or that and what comes when it `grows`. */
export const readViews = (readModels: ReadModels, projector: Projector, expected: number, grows = false) => {
  const collections = liveCollections(readModels, projector);
  const over = new AbortController();
  const latencies: number[] = [];
  let failures = 0;

  const page = async (after: string | undefined): Promise<readonly StoredText[]> => {
    const from = performance.now();
    const found = await readModels.scan(await collections.of('executions'), after, PAGE);
    latencies.push(performance.now() - from);
    return found;
  };

  /** Everything once; a round that has not seen as many documents as there are is a failure. */
  const round = async (): Promise<void> => {
    let seen = 0;
    let found: readonly StoredText[] = [];
    do {
      found = await page(found.at(-1)?.key);
      seen += found.length;
      await pause(PAUSE);
    } while (found.length === PAGE && !over.signal.aborted);
    const isWhole = seen === expected || (grows && seen > expected);
    if (!over.signal.aborted && !isWhole) failures += 1;
  };

  const read = async (): Promise<void> => {
    while (!over.signal.aborted)
      await round().catch(() => {
        failures += 1;
      });
  };
  const reading = Array.from({ length: READERS }, read);

  return {
    stop: async (): Promise<Reads> => {
      over.abort();
      await Promise.all(reading);
      collections.close();
      return { reads: latencies.length, failures, latency: percentiles(latencies) };
    },
  };
};
