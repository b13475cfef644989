import { status, type Metadata } from '@grpc/grpc-js';
import { accessDenied, grpcError } from './grpc-errors.ts';

/** Who may do what. */
export interface Access {
  /** Throws unless the caller may read or write the stream (`$all` for the whole log). */
  demand(call: Metadata, stream: string): void;
}

/** The users that a new node has. */
const PASSWORDS: Readonly<Record<string, string>> = { admin: 'changeit', ops: 'changeit' };

const userOf = (call: Metadata): string | undefined => {
  const header = call.get('authorization')[0]?.toString();
  if (header === undefined) return undefined;
  const [user = '', password] = Buffer.from(header.replace(/^Basic /i, ''), 'base64')
    .toString()
    .split(':');
  if (PASSWORDS[user] !== password) throw grpcError(status.UNAUTHENTICATED, 'Unauthenticated');
  return user;
};

/** Without TLS every caller is an administrator. */
export const everybodyMay: Access = { demand: () => undefined };

/** With TLS an administrator may do all, another user all but system streams and `$all`, a stranger nothing. */
export const usersMay: Access = {
  demand(call, stream) {
    const user = userOf(call);
    if (user === undefined || (user !== 'admin' && stream.startsWith('$'))) throw accessDenied();
  },
};
