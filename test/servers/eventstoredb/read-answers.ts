import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { StoredEvent } from './event.ts';
import { streams } from './generated.ts';
import { streamIdentifier, uuid } from './messages.ts';

const bytes = (answer: ReadResp): Buffer => Buffer.from(answer.serializeBinary());

const recorded = (event: StoredEvent): ReadResp.ReadEvent.RecordedEvent => {
  const message = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(uuid(event.id))
    .setStreamIdentifier(streamIdentifier(event.stream))
    .setStreamRevision(String(event.revision))
    .setPreparePosition(String(event.position))
    .setCommitPosition(String(event.position))
    .setData(event.data)
    .setCustomMetadata(event.metadata);
  message
    .getMetadataMap()
    .set('type', event.type)
    .set('created', String(event.created))
    .set('content-type', event.json ? 'application/json' : 'application/octet-stream');
  return message;
};

const encoded = new WeakMap<StoredEvent, Buffer>();

/** An event; encoded once, however often it is read. */
export const eventAnswer = (event: StoredEvent): Buffer => {
  const known = encoded.get(event);
  if (known) return known;
  const message = new streams.ReadResp.ReadEvent()
    .setEvent(recorded(event))
    .setCommitPosition(String(event.position));
  const answer = bytes(new streams.ReadResp().setEvent(message));
  encoded.set(event, answer);
  return answer;
};

/** The first answer of a subscription. */
export const confirmation = (): Buffer =>
  bytes(
    new streams.ReadResp().setConfirmation(
      new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(crypto.randomUUID()),
    ),
  );

/** A filtered subscription looked at everything up to here. */
export const checkpoint = (position: number): Buffer =>
  bytes(
    new streams.ReadResp().setCheckpoint(
      new streams.ReadResp.Checkpoint()
        .setCommitPosition(String(position))
        .setPreparePosition(String(position)),
    ),
  );

/** A subscription reached the end of the log. */
export const caughtUp = (): Buffer =>
  bytes(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));

/** The stream to be read has nothing to show. */
export const streamNotFound = (name: string): Buffer =>
  bytes(
    new streams.ReadResp().setStreamNotFound(
      new streams.ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(name)),
    ),
  );
