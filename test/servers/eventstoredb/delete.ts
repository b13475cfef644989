import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type {
  DeleteReq,
  DeleteResp,
  TombstoneReq,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import { streams } from './generated.ts';
import { streamDeleted, toGrpcError, unavailable, wrongExpectedVersion } from './grpc-errors.ts';
import { expectedOf, streamName } from './messages.ts';
import type { Node } from './node.ts';
import { deleteStream } from './write-events.ts';

/** Deletes and answers the position; throws what the call is to fail with. */
const remove = (
  node: Node,
  call: ServerUnaryCall<DeleteReq, DeleteResp> | ServerUnaryCall<TombstoneReq, TombstoneResp>,
  forever: boolean,
): string => {
  if (node.faults.refuses()) throw unavailable();
  const options = call.request.getOptions();
  if (!options) throw new Error('Expected options, but there are none.');
  const stream = streamName(options.getStreamIdentifier());
  node.access.demand(call.metadata, stream);
  const expected = expectedOf(options, () => options.getRevision());
  const outcome = deleteStream(node.log, stream, expected, forever);
  if (outcome.kind === 'deleted') throw streamDeleted(stream);
  if (outcome.kind === 'wrong') throw wrongExpectedVersion(stream, expected, outcome.actual);
  return String(outcome.position);
};

/** Streams/Delete: hides a stream until somebody appends to it. */
export const softDelete =
  (node: Node) =>
  (call: ServerUnaryCall<DeleteReq, DeleteResp>, callback: sendUnaryData<DeleteResp>): void => {
    try {
      const at = remove(node, call, false);
      const position = new streams.DeleteResp.Position().setCommitPosition(at).setPreparePosition(at);
      callback(null, new streams.DeleteResp().setPosition(position));
    } catch (error) {
      callback(toGrpcError(error));
    }
  };

/** Streams/Tombstone: closes a stream for ever. */
export const tombstone =
  (node: Node) =>
  (call: ServerUnaryCall<TombstoneReq, TombstoneResp>, callback: sendUnaryData<TombstoneResp>): void => {
    try {
      const at = remove(node, call, true);
      const position = new streams.TombstoneResp.Position().setCommitPosition(at).setPreparePosition(at);
      callback(null, new streams.TombstoneResp().setPosition(position));
    } catch (error) {
      callback(toGrpcError(error));
    }
  };
