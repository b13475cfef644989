import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { appendAnswer } from './append-answers.ts';
import type { ProposedEvent } from './event.ts';
import { appendTooLarge, streamDeleted, toGrpcError } from './grpc-errors.ts';
import { appendSize, expectedOf, proposedEvent, streamName } from './messages.ts';
import type { Node } from './node.ts';
import { serveAppend, type Append } from './serve-append.ts';

type Draft = Omit<Append, 'events'> & { readonly events: ProposedEvent[] };

const startDraft = (options: AppendReq.Options): Draft => {
  const stream = streamName(options.getStreamIdentifier());
  if (stream === '') throw new Error('Expected a stream name, but it is empty.');
  return { stream, expected: expectedOf(options, () => options.getRevision()), events: [] };
};

/** Streams/Append: one append a call, as clients make it that send credentials. */
export const append =
  (node: Node) =>
  (call: ServerReadableStream<AppendReq, AppendResp>, callback: sendUnaryData<AppendResp>): void => {
    let draft: Draft | undefined;
    let answered = false;
    const reply: sendUnaryData<AppendResp> = (error, value) => {
      if (!answered) callback(error, value);
      answered = true;
    };

    call.on('data', (message: AppendReq) => {
      try {
        const options = message.getOptions();
        const proposed = message.getProposedMessage();
        if (options) {
          draft = startDraft(options);
          node.access.demand(call.metadata, draft.stream);
        } else if (draft && proposed) {
          draft.events.push(proposedEvent(proposed));
          if (appendSize(draft.events) > node.maxAppendSize) throw appendTooLarge(node.maxAppendSize);
        }
      } catch (error) {
        reply(toGrpcError(error));
      }
    });
    call.on('end', () => {
      if (!draft || answered) return;
      const { stream, expected } = draft;
      serveAppend(node, draft, {
        answer: (outcome) =>
          outcome.kind === 'deleted'
            ? reply(streamDeleted(stream))
            : reply(null, appendAnswer(outcome, expected)),
        fail: reply,
        hang: () => node.calls.park(call, reply),
        peer: call.getPeer(),
      });
    });
  };
