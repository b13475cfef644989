import type { UUID, StreamIdentifier } from '@eventstore/db-client/generated/shared_pb.js';
import type { Expected, ProposedEvent } from './event.ts';
import { shared } from './generated.ts';

/** The name of a stream, empty when there is none. */
export const streamName = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

/** A stream by its name. */
export const streamIdentifier = (name: string): StreamIdentifier =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(name, 'utf8'));

const hex = (half: string): string => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0');

/** A UUID in its written form; a client may send two numbers instead. */
export const uuidText = (uuid: UUID | undefined): string => {
  const structured = uuid?.getStructured();
  if (!structured) return uuid?.getString().toLowerCase() ?? '';
  const digits = hex(structured.getMostSignificantBits()) + hex(structured.getLeastSignificantBits());
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

/** A UUID in its written form. */
export const uuid = (text: string): UUID => new shared.UUID().setString(text);

interface ExpectedOptions {
  hasAny(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

/** Where the options expect the stream to end. */
export const expectedOf = (options: ExpectedOptions, revision: () => string): Expected => {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : Number(revision());
};

interface ProposedMessage {
  getId(): UUID | undefined;
  getMetadataMap(): { get(name: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
}

/** An event as the client proposes it; throws when it lacks what the server demands. */
export const proposedEvent = (message: ProposedMessage): ProposedEvent => {
  const metadata = message.getMetadataMap();
  const type = metadata.get('type');
  if (!type) throw new Error('Expected an event to have a type, but it has none.');
  return {
    id: uuidText(message.getId()),
    type,
    json: metadata.get('content-type') === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
};

/** What an append counts: the events' data. Their metadata and types come for free. */
export const appendSize = (events: readonly ProposedEvent[]): number =>
  events.reduce((size, { data }) => size + data.length, 0);
