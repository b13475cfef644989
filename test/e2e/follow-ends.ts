import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { onTestFinished } from 'vitest';

/** The ends of executions, as a client sees them that goes on from where it was when its server dies. */
export interface Ends {
  /** Ids in the order in which their ends came, each as often as it came. */
  readonly ids: readonly string[];
  /** Position of the last one. */
  readonly position: string;
  /** Goes on with a server that listens at this URL. */
  attach(url: string): void;
  /** Resolves when as many ends have come. */
  reach(count: number): Promise<void>;
}

const ENDED = `subscription ($after: Position!) {
  events(filter: { types: ["execution.completed", "execution.failed", "execution.cancelled", "saga.compensated"] }, after: $after) {
    stream position facts
  }
}`;

interface Ended {
  readonly events: {
    readonly stream: string;
    readonly position: string;
    readonly facts: { readonly workflow: string };
  };
}

/** Follows all executions from the log's beginning, but for those of a workflow that is left out. */
export const followEnds = (leftOut?: string): Ends => {
  const ids: string[] = [];
  let position = '0';
  let wanted = 0;
  let reached: () => void = () => undefined;
  return {
    ids,
    get position() {
      return position;
    },
    attach: (url) => {
      const client = createClient({
        url: url.replace(/^http/, 'ws'),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
      });
      onTestFinished(() => client.dispose());
      client.subscribe<Ended>(
        { query: ENDED, variables: { after: position } },
        {
          next: ({ data, errors }) => {
            if (data == null) throw new Error(JSON.stringify(errors));
            if (data.events.facts.workflow !== leftOut)
              ids.push(data.events.stream.replace('execution-', ''));
            ({ position } = data.events);
            if (ids.length >= wanted) reached();
          },
          // The server was killed.
          error: () => undefined,
          complete: () => undefined,
        },
      );
    },
    reach: async (count) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      wanted = count;
      reached = resolve;
      if (ids.length >= wanted) resolve();
      await promise;
    },
  };
};
