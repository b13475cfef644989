import { once } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { OpenCall } from './calls.ts';

/** A read as gRPC hands it over; its answers are encoded already. */
export type ReadCall = ServerWritableStream<ReadReq, Buffer>;

/** Sends an answer and waits until the client can take another; at once when the call has ended. */
export const send = async (call: ReadCall, open: OpenCall, answer: Buffer): Promise<void> => {
  if (open.closed || call.write(answer)) return;
  try {
    await once(call, 'drain', { signal: open.signal });
  } catch (error) {
    if (!open.closed) throw error;
  }
};
