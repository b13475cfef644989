import { Server } from '@grpc/grpc-js';
import { append } from './append.ts';
import { batchAppend } from './batch-append.ts';
import { softDelete, tombstone } from './delete.ts';
import { getSupportedMethods } from './features.ts';
import { GossipService, ServerFeaturesService, StreamsService } from './generated.ts';
import { readGossip } from './gossip.ts';
import type { Node } from './node.ts';
import { read } from './read.ts';

/** The largest message that the real server takes, and more than any append of the client's. */
const MAX_MESSAGE = 17 * 1024 * 1024;

/** A gRPC server with the services of a node; it does not listen yet. */
export const createGrpcServer = (node: Node): Server => {
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE,
    'grpc.keepalive_permit_without_calls': 1,
  });
  // Reads hand over bytes, so that an event is encoded once and not once a reader.
  const readBytes = { ...StreamsService.read, responseSerialize: (answer: Buffer) => answer };
  server.addService(
    { ...StreamsService, read: readBytes },
    {
      read: read(node),
      append: append(node),
      batchAppend: batchAppend(node),
      delete: softDelete(node),
      tombstone: tombstone(node),
    },
  );
  server.addService(ServerFeaturesService, { getSupportedMethods: getSupportedMethods(node) });
  server.addService(GossipService, { read: readGossip(node) });
  return server;
};
