import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import { createFilter, type Filter } from './filter.ts';
import { streams } from './generated.ts';
import { grpcError } from './grpc-errors.ts';
import { streamName } from './messages.ts';

/** What a client wants to read. */
export interface ReadRequest {
  /** `undefined` for the whole log. */
  readonly stream: string | undefined;
  /** A revision of the stream, or a position in the log. */
  readonly from: 'start' | 'end' | bigint;
  readonly backwards: boolean;
  /** `undefined` for a subscription. */
  readonly limit: number | undefined;
  readonly filter: Filter | undefined;
}

const fromStream = (options: ReadReq.Options.StreamOptions): ReadRequest['from'] => {
  if (options.hasStart()) return 'start';
  return options.hasEnd() ? 'end' : BigInt(options.getRevision());
};

const fromAll = (options: ReadReq.Options.AllOptions | undefined): ReadRequest['from'] => {
  const position = options?.getPosition();
  if (!position) return options?.hasEnd() ? 'end' : 'start';
  const commit = BigInt(position.getCommitPosition());
  if (commit < BigInt(position.getPreparePosition())) {
    throw grpcError(status.UNKNOWN, 'The commit position cannot be less than the prepare position.');
  }
  return commit;
};

/** Reads the request; throws what the server answers to one that makes no sense. */
export const parseReadRequest = (request: ReadReq): ReadRequest => {
  const options = request.getOptions();
  if (!options?.hasUuidOption()) {
    throw grpcError(status.INVALID_ARGUMENT, "'uuidOption' is a required argument.");
  }
  const ofStream = options.getStream();
  const stream = ofStream && streamName(ofStream.getStreamIdentifier());
  if (stream === '') throw grpcError(status.UNKNOWN, 'Expected a stream name, but it is empty.');
  const filter = options.getFilter();
  return {
    stream,
    from: ofStream ? fromStream(ofStream) : fromAll(options.getAll()),
    backwards: options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS,
    limit: options.hasSubscription() ? undefined : Number(options.getCount()),
    filter: filter && createFilter(filter),
  };
};
