import { createRequire } from 'node:module';

const clientRequire = createRequire(import.meta.url);
// `Any` only packs messages of the very copy of google-protobuf that the client itself has loaded.
const protobufRequire = createRequire(clientRequire.resolve('@eventstore/db-client/package.json'));

const load = (name: string): unknown => clientRequire(`@eventstore/db-client/generated/${name}`);

/** Messages of the Streams service. */
export const streams = load('streams_pb') as typeof import('@eventstore/db-client/generated/streams_pb.js');
/** Messages that several services share. */
export const shared = load('shared_pb') as typeof import('@eventstore/db-client/generated/shared_pb.js');
/** google.rpc.Status, as batch appends answer a failure. */
export const rpc = load('status_pb') as typeof import('@eventstore/db-client/generated/status_pb.js');
/** google.rpc.Code. */
export const { Code: codes } = load('code_pb') as typeof import('@eventstore/db-client/generated/code_pb.js');
/** Messages of the ServerFeatures service. */
export const features = load(
  'serverfeatures_pb',
) as typeof import('@eventstore/db-client/generated/serverfeatures_pb.js');
/** Messages of the Gossip service. */
export const gossip = load('gossip_pb') as typeof import('@eventstore/db-client/generated/gossip_pb.js');

/** How calls of the Streams service go over the wire. */
export const { StreamsService } = load(
  'streams_grpc_pb',
) as typeof import('@eventstore/db-client/generated/streams_grpc_pb.js');
/** How calls of the ServerFeatures service go over the wire. */
export const { ServerFeaturesService } = load(
  'serverfeatures_grpc_pb',
) as typeof import('@eventstore/db-client/generated/serverfeatures_grpc_pb.js');
/** How calls of the Gossip service go over the wire. */
export const { GossipService } = load(
  'gossip_grpc_pb',
) as typeof import('@eventstore/db-client/generated/gossip_grpc_pb.js');

/** google.protobuf.Any. */
export const { Any } = protobufRequire(
  'google-protobuf/google/protobuf/any_pb.js',
) as typeof import('google-protobuf/google/protobuf/any_pb.js');
/** google.protobuf.Empty; the shared messages have one of their own. */
export const { Empty } = protobufRequire(
  'google-protobuf/google/protobuf/empty_pb.js',
) as typeof import('google-protobuf/google/protobuf/empty_pb.js');
