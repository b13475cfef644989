import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** The cursor of the latest value of a subscription, by its context. */
export type CursorIn = (context: object) => string | undefined;

/** The same result, whose text in an event stream has a line behind it with the id of the event. */
const identified = (result: ExecutionResult, id: string): ExecutionResult =>
  Object.defineProperty({ ...result }, 'stringify', {
    value: (value: unknown) => `${JSON.stringify(value)}\nid: ${id}`,
  });

/** Gives each event of an event stream its cursor as its id, which browsers send as `Last-Event-ID` when they come back. */
export const eventIdsPlugin = (cursorIn: CursorIn): Plugin => ({
  onSubscribe: ({ args }) => {
    // What comes by a socket is in no event stream.
    if ((args.contextValue as { readonly socket?: true }).socket === true) return undefined;
    return {
      onSubscribeResult: () => ({
        onNext: ({ result, setResult }) => {
          const id = cursorIn(args.contextValue);
          if (id !== undefined) setResult(identified(result, id));
        },
      }),
    };
  },
});
