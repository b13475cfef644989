import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Answers that may go on for ever. */
export interface Streams {
  readonly open: number;
  track(response: ServerResponse): void;
  /** Cuts event streams, whose clients resume elsewhere, and resolves when they are closed. */
  close(): Promise<void>;
}

/** Keeps track of answers, so that a stopping server does not wait for a stream that never ends. */
export const trackStreams = (): Streams => {
  const open = new Set<ServerResponse>();

  const isStream = (response: ServerResponse): boolean =>
    String(response.getHeader('content-type')).startsWith('text/event-stream');

  return {
    get open() {
      return open.size;
    },
    track: (response) => {
      open.add(response);
      response.once('close', () => open.delete(response));
    },
    close: async () => {
      const streams = [...open].filter(isStream);
      const closed = Promise.all(streams.map((response) => once(response, 'close')));
      for (const response of streams) response.destroy();
      await closed;
    },
  };
};
