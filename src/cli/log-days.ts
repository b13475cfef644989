import { setTimeout as wait } from 'node:timers/promises';
import type { Api } from './demo/api.ts';
import { ask } from './following.ts';

/** What the log has of a day, as the API tells it. */
export interface ListedLogDay {
  readonly category: string;
  readonly day: string;
  readonly events: string;
  readonly checksum: string;
}

const DAYS = 'query ($upTo: Position) { logDays(upTo: $upTo) { category day events checksum } }';

/** Tries until nobody may believe any more that one of them comes to an end. */
const MOST = 100;
/** Milliseconds that the server is given to lay aside what was broken off. */
const REST = 1_000;

const tookTooLong = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('QUERY_TIMEOUT');

/**
 * What is in the log up to a position, by category and day: asked for again as often as that takes longer than a query may,
 * since the server goes on where it stopped. Rejects as the API does.
 */
export const readLogDays = async (
  api: Pick<Api, 'subscribe'>,
  upTo: string,
  rest: () => Promise<unknown> = () => wait(REST),
): Promise<readonly ListedLogDay[]> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return (await ask<{ logDays: readonly ListedLogDay[] }>(api, DAYS, { upTo })).logDays;
    } catch (error) {
      if (!tookTooLong(error) || tries >= MOST) throw error;
    }
    await rest();
  }
};
