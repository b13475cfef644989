import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { batchAnswer, type Refusal } from './append-answers.ts';
import type { OpenCall } from './calls.ts';
import type { ProposedEvent } from './event.ts';
import { toGrpcError, unavailable } from './grpc-errors.ts';
import { appendSize, expectedOf, proposedEvent, streamName, uuidText } from './messages.ts';
import type { Node } from './node.ts';
import { serveAppend, type Append } from './serve-append.ts';
import type { Outcome } from './write-events.ts';

type BatchCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;
type Draft = Omit<Append, 'events'> & { readonly events: ProposedEvent[] };

/** Serves the appends that one client sends over its batch stream, each in one or several messages. */
const serveBatch = (node: Node, call: BatchCall, open: OpenCall): void => {
  const drafts = new Map<string, Draft>();
  let unanswered = 0;
  let halfClosed = false;

  const refusal = (draft: Draft, options: BatchAppendReq.Options | undefined): Refusal | undefined => {
    if (draft.stream === '')
      return { kind: 'bad-request', message: 'Expected a stream name, but it is empty.' };
    const deadline = options?.getDeadline()?.toDate();
    if (deadline && deadline.getTime() <= Date.now()) return { kind: 'too-late' };
    if (appendSize(draft.events) > node.maxAppendSize)
      return { kind: 'too-large', limit: node.maxAppendSize };
    return undefined;
  };

  const endWhenDone = (): void => {
    if (unanswered > 0 || open.closed) return;
    if (halfClosed) call.end();
    else if (node.calls.draining) open.fail(unavailable());
  };

  const receive = (request: BatchAppendReq): void => {
    const correlation = request.getCorrelationId();
    const id = uuidText(correlation);
    const options = request.getOptions();
    if (options) {
      drafts.set(id, {
        stream: streamName(options.getStreamIdentifier()),
        expected: expectedOf(options, () => options.getStreamPosition()),
        events: [],
      });
    }
    const draft = drafts.get(id);
    // The rest of an append that was refused.
    if (!draft) return;
    const { stream, expected } = draft;
    const answer = (result: Outcome | Refusal): void => {
      drafts.delete(id);
      if (!open.closed) call.write(batchAnswer(stream, expected, result).setCorrelationId(correlation));
    };

    try {
      if (options) node.access.demand(call.metadata, stream);
    } catch {
      // Whatever is the matter with the caller, this is how the server says it here.
      return answer({ kind: 'access-denied' });
    }
    try {
      for (const message of request.getProposedMessagesList()) draft.events.push(proposedEvent(message));
    } catch (error) {
      return answer({ kind: 'bad-request', message: String(error) });
    }
    const refused = refusal(draft, options);
    if (refused) return answer(refused);
    if (!request.getIsFinal()) return;

    drafts.delete(id);
    unanswered++;
    const settle = (): void => {
      unanswered--;
      endWhenDone();
    };
    serveAppend(node, draft, {
      answer(outcome) {
        answer(outcome);
        settle();
      },
      fail: (error) => open.fail(error),
      hang: settle,
      endQuietly: () => call.end(),
      peer: call.getPeer(),
    });
  };

  call.on('data', (request: BatchAppendReq) => {
    if (open.closed) return;
    try {
      receive(request);
    } catch (error) {
      open.fail(toGrpcError(error));
    }
  });
  call.on('end', () => {
    halfClosed = true;
    endWhenDone();
  });
  node.bell
    .until(() => open.closed || node.calls.draining)
    .then(endWhenDone, (error: unknown) => open.fail(toGrpcError(error)));
};

/** Streams/BatchAppend: every append of a client over one stream, answered as they are done. */
export const batchAppend =
  (node: Node) =>
  (call: BatchCall): void => {
    const open = node.calls.open('batchStreams', call);
    if (node.faults.refuses()) open.fail(unavailable());
    else serveBatch(node, call, open);
  };
