import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import type { Expected } from './event.ts';

/** An error as it goes over the wire; the client tells errors apart by the trailers. */
export const grpcError = (
  code: status,
  details: string,
  trailers: Readonly<Record<string, string>> = {},
): ServiceError => {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return Object.assign(new Error(details), { code, details, metadata });
};

/** An error that was made to go over the wire stays as it is; any other is unknown to the client. */
export const toGrpcError = (error: unknown): ServiceError =>
  error instanceof Error && 'code' in error && 'details' in error
    ? (error as ServiceError)
    : grpcError(status.UNKNOWN, `Exception was thrown by handler. ${String(error)}`);

/** The server does not take calls now. */
export const unavailable = (): ServiceError => grpcError(status.UNAVAILABLE, 'Server Is Not Ready');

/** Another node leads: the client is to go there. */
export const notLeader = (host: string, port: number): ServiceError =>
  grpcError(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  });

/** The stream was deleted for ever. */
export const streamDeleted = (stream: string): ServiceError =>
  grpcError(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

/** The caller may not do this. */
export const accessDenied = (): ServiceError =>
  grpcError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

/** The append is too large. */
export const appendTooLarge = (limit: number): ServiceError =>
  grpcError(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  });

/** A subscription whose consumer does not keep up. */
export const consumerTooSlow = (): ServiceError =>
  grpcError(
    status.ABORTED,
    'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
  );

const EXPECTED_NUMBERS = { no_stream: -1, any: -2, stream_exists: -4 } as const;

/** The stream does not end where a delete expected it to. */
export const wrongExpectedVersion = (stream: string, expected: Expected, actual: number): ServiceError => {
  const number = typeof expected === 'number' ? expected : EXPECTED_NUMBERS[expected];
  return grpcError(
    status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${number}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': String(number),
      'actual-version': String(actual),
    },
  );
};
