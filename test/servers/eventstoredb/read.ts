import type { OpenCall } from './calls.ts';
import { streamDeleted, toGrpcError, unavailable } from './grpc-errors.ts';
import type { Node } from './node.ts';
import { send, type ReadCall } from './outlet.ts';
import { eventAnswer, streamNotFound } from './read-answers.ts';
import { requestedEvents } from './read-events.ts';
import { parseReadRequest, type ReadRequest } from './read-request.ts';
import { firstReadable, isTombstoned } from './stream-metadata.ts';
import { subscribe } from './subscribe.ts';

const readOnce = async (node: Node, request: ReadRequest, call: ReadCall, open: OpenCall): Promise<void> => {
  const { stream } = request;
  const first = stream === undefined ? 0 : firstReadable(node.log, stream);
  if (stream !== undefined && first === undefined) {
    await send(call, open, streamNotFound(stream));
  } else {
    for (const event of requestedEvents(node.log, request, first ?? 0)) {
      if (open.closed) return;
      await send(call, open, eventAnswer(event));
    }
  }
  if (!open.closed) call.end();
};

const serve = async (node: Node, call: ReadCall, request: ReadRequest, open: OpenCall): Promise<void> => {
  const { stream } = request;
  if (node.faults.refuses()) throw unavailable();
  node.access.demand(call.metadata, stream ?? '$all');
  if (stream !== undefined && isTombstoned(node.log, stream)) throw streamDeleted(stream);
  await (request.limit === undefined ? subscribe : readOnce)(node, request, call, open);
};

/** Streams/Read: reads and subscriptions, of a stream or of everything. */
export const read =
  (node: Node) =>
  (call: ReadCall): void => {
    try {
      const request = parseReadRequest(call.request);
      const open = node.calls.open(request.limit === undefined ? 'subscriptions' : 'reads', call);
      serve(node, call, request, open).catch((error: unknown) => open.fail(toGrpcError(error)));
    } catch (error) {
      call.emit('error', toGrpcError(error));
    }
  };
