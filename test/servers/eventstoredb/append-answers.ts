import type { AppendResp, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Status } from '@eventstore/db-client/generated/status_pb.js';
import type { Code } from '@eventstore/db-client/generated/code_pb.js';
import type { Expected } from './event.ts';
import { Any, codes, Empty, rpc, shared, streams } from './generated.ts';
import { streamIdentifier } from './messages.ts';
import type { Outcome } from './write-events.ts';

type Done = Extract<Outcome, { kind: 'done' }>;

const wrongVersion = (expected: Expected, actual: number): AppendResp.WrongExpectedVersion => {
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (actual < 0) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(actual));
  if (expected === 'any') return wrong.setExpectedAny(new shared.Empty());
  if (expected === 'stream_exists') return wrong.setExpectedStreamExists(new shared.Empty());
  if (expected === 'no_stream') return wrong.setExpectedNoStream(new shared.Empty());
  return wrong.setExpectedRevision(String(expected));
};

const success = ({ revision, position }: Done): AppendResp.Success => {
  const answer = new streams.AppendResp.Success().setPosition(
    new streams.AppendResp.Position()
      .setCommitPosition(String(position))
      .setPreparePosition(String(position)),
  );
  return revision < 0 ? answer.setNoStream(new shared.Empty()) : answer.setCurrentRevision(String(revision));
};

/** How an append on its own is answered; a deleted stream is an error of the call. */
export const appendAnswer = (
  outcome: Exclude<Outcome, { kind: 'deleted' }>,
  expected: Expected,
): AppendResp =>
  outcome.kind === 'done'
    ? new streams.AppendResp().setSuccess(success(outcome))
    : new streams.AppendResp().setWrongExpectedVersion(wrongVersion(expected, outcome.actual));

const batchWrongVersion = (expected: Expected, actual: number): Uint8Array => {
  const wrong = new shared.WrongExpectedVersion();
  if (actual < 0) wrong.setCurrentNoStream(new Empty());
  else wrong.setCurrentStreamRevision(String(actual));
  if (expected === 'any') wrong.setExpectedAny(new Empty());
  else if (expected === 'stream_exists') wrong.setExpectedStreamExists(new Empty());
  else if (expected === 'no_stream') wrong.setExpectedNoStream(new Empty());
  else wrong.setExpectedStreamPosition(String(expected));
  return wrong.serializeBinary();
};

const batchSuccess = ({ revision, position }: Done): BatchAppendResp.Success => {
  const answer = new streams.BatchAppendResp.Success().setPosition(
    new shared.AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position)),
  );
  return revision < 0 ? answer.setNoStream(new Empty()) : answer.setCurrentRevision(String(revision));
};

const failure = (code: Code, name: string, details: Uint8Array): Status => {
  const any = new Any();
  any.pack(details, `event_store.client.${name}`);
  return new rpc.Status().setCode(code).setMessage(name).setDetails(any);
};

/** A batch append that is refused before it is tried. */
export type Refusal =
  | { readonly kind: 'bad-request'; readonly message: string }
  | { readonly kind: 'too-large'; readonly limit: number }
  | { readonly kind: 'too-late' }
  | { readonly kind: 'access-denied' };

const failureOf = (stream: string, expected: Expected, result: Exclude<Outcome, Done> | Refusal): Status => {
  switch (result.kind) {
    case 'wrong':
      return failure(
        codes.ALREADY_EXISTS,
        'WrongExpectedVersion',
        batchWrongVersion(expected, result.actual),
      );
    case 'deleted': {
      const deleted = new shared.StreamDeleted().setStreamIdentifier(streamIdentifier(stream));
      return failure(codes.NOT_FOUND, 'StreamDeleted', deleted.serializeBinary());
    }
    case 'too-large': {
      const limit = new shared.MaximumAppendSizeExceeded().setMaxappendsize(result.limit);
      return failure(codes.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', limit.serializeBinary());
    }
    case 'bad-request': {
      const request = new shared.BadRequest().setMessage(result.message);
      return failure(codes.INVALID_ARGUMENT, 'BadRequest', request.serializeBinary());
    }
    case 'too-late':
      return failure(codes.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout().serializeBinary());
    case 'access-denied':
      return failure(codes.PERMISSION_DENIED, 'AccessDenied', new shared.AccessDenied().serializeBinary());
    default:
      return result satisfies never;
  }
};

/** How an append of a batch stream is answered; its correlation id is still to be set. */
export const batchAnswer = (
  stream: string,
  expected: Expected,
  result: Outcome | Refusal,
): BatchAppendResp => {
  const answer = new streams.BatchAppendResp().setStreamIdentifier(streamIdentifier(stream));
  return result.kind === 'done'
    ? answer.setSuccess(batchSuccess(result))
    : answer.setError(failureOf(stream, expected, result));
};
