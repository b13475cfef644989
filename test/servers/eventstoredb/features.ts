import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import { features, GossipService, ServerFeaturesService, StreamsService } from './generated.ts';
import { unavailable } from './grpc-errors.ts';
import type { Node } from './node.ts';

/** What a method can do beyond its first version. */
const METHOD_FEATURES: Readonly<Record<string, readonly string[]>> = {
  '/event_store.client.streams.streams/read': ['position', 'events'],
  '/event_store.client.streams.streams/batchappend': ['deadline_duration'],
};

const supported = (path: string): SupportedMethod => {
  const name = path.toLowerCase();
  const [, service = '', method = ''] = name.split('/');
  return new features.SupportedMethod()
    .setServiceName(service)
    .setMethodName(method)
    .setFeaturesList([...(METHOD_FEATURES[name] ?? [])]);
};

const METHODS = [StreamsService, ServerFeaturesService, GossipService].flatMap((service) =>
  Object.values(service).map(({ path }: { path: string }) => supported(path)),
);

/** ServerFeatures/GetSupportedMethods: the first thing that a client asks, and asks again after an outage. */
export const getSupportedMethods =
  (node: Node) =>
  (call: ServerUnaryCall<Empty, SupportedMethods>, callback: sendUnaryData<SupportedMethods>): void => {
    if (node.faults.refuses()) callback(unavailable());
    else if (node.faults.take('hangServerFeatures')) node.calls.park(call, callback);
    else {
      callback(
        null,
        new features.SupportedMethods().setEventStoreServerVersion(node.version).setMethodsList(METHODS),
      );
    }
  };
