import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import { gossip } from './generated.ts';
import { unavailable } from './grpc-errors.ts';
import { uuid } from './messages.ts';
import type { Node } from './node.ts';

/** Gossip/Read: a cluster of one, which leads. */
export const readGossip = (node: Node) => {
  const instance = crypto.randomUUID();
  return (_call: ServerUnaryCall<Empty, ClusterInfo>, callback: sendUnaryData<ClusterInfo>): void => {
    if (node.faults.refuses()) return callback(unavailable());
    const member = new gossip.MemberInfo()
      .setInstanceId(uuid(instance))
      .setTimeStamp(String(Date.now() * 10_000))
      .setState(gossip.MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new gossip.EndPoint().setAddress(node.host).setPort(node.port()));
    callback(null, new gossip.ClusterInfo().setMembersList([member]));
  };
};
