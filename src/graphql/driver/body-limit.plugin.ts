import type { FetchAPI, Plugin } from 'graphql-yoga';
import { apiError } from '../errors/api-error.ts';
import type { GraphqlLimits } from './limits.ts';

const tooLarge = (expected: number): Error =>
  apiError(
    'PAYLOAD_TOO_LARGE',
    `Expected a body of at most ${expected} bytes, but it has more; send less at once.`,
    { expected, http: { status: 413 } },
  );

/** The same request, whose body fails once it has more bytes. */
const counted = (request: Request, most: number, { Request, TransformStream }: FetchAPI): Request => {
  if (request.body === null) return request;
  let bytes = 0;
  const body = request.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (part, controller) => {
        bytes += part.byteLength;
        if (bytes > most) controller.error(tooLarge(most));
        else controller.enqueue(part);
      },
    }),
  );
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body, duplex: 'half' } as RequestInit);
};

/**
 * Takes no body of more bytes than allowed. Only of one that does not say how long it is are the bytes counted: the server
 * of HTTP itself reads no further than that, and counting is a good part of what a small request takes.
 */
export const bodyLimitPlugin = ({ message }: Pick<GraphqlLimits, 'message'>): Plugin => ({
  onRequestParse: ({ request, requestParser, setRequestParser, fetchAPI }) => {
    const length = request.headers.get('content-length');
    if (Number(length) > message) throw tooLarge(message);
    if (length === null && requestParser !== undefined)
      setRequestParser((asked) => requestParser(counted(asked, message, fetchAPI)));
  },
});
