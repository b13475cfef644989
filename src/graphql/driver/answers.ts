import type { ServerResponse } from 'node:http';
import type { Clock } from '../../ports/clock.ts';
import type { GraphqlLimits } from './limits.ts';

/** Answers that are under way, and those that may go on for ever. */
export interface Answers {
  readonly open: number;
  track(response: ServerResponse): void;
  /**
   * Cuts event streams, whose clients are told to resume elsewhere, and resolves when every answer has been given, or a while
   * later. Who asks from now on is told to close its connection.
   */
  close(): Promise<void>;
}

const isStream = (response: ServerResponse): boolean =>
  String(response.getHeader('content-type')).startsWith('text/event-stream');

/** What a client of an event stream is told last: to come back, after so many ms. */
const COME_BACK = ': The server stops. Come back, and go on behind the last event.\nretry: 1000\n\n';

// A client that does not read is not waited for.
const cutStream = (response: ServerResponse): void => {
  if (response.writableNeedDrain || !response.headersSent) response.destroy();
  else response.write(COME_BACK, () => response.destroy());
};

/** Keeps track of answers, so that a stopping server gives those that it owes and waits for no stream that never ends. */
export const trackAnswers = (clock: Clock, { owed }: Pick<GraphqlLimits, 'owed'>): Answers => {
  const open = new Set<ServerResponse>();
  let closing = false;
  let given: () => void = () => undefined;

  // Its connection would stay open for the next request, which nobody answers any more.
  const beTheLast = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader('connection', 'close');
  };

  return {
    get open() {
      return open.size;
    },
    track: (response) => {
      open.add(response);
      if (closing) beTheLast(response);
      response.once('close', () => {
        open.delete(response);
        if (open.size === 0) given();
      });
    },
    close: async () => {
      closing = true;
      for (const response of open) {
        if (isStream(response)) cutStream(response);
        else beTheLast(response);
      }
      if (open.size === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      given = resolve;
      const timer = clock.after(owed, resolve);
      await promise;
      timer.cancel();
    },
  };
};
