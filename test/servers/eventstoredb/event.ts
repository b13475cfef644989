/** An event as a client proposes it. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  /** Whether the data is JSON, as the client says. */
  readonly json: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event in the log. */
export interface StoredEvent extends ProposedEvent {
  readonly stream: string;
  readonly revision: number;
  /** Byte offset in the whole log: ordered, with gaps. */
  readonly position: number;
  /** Ticks of 100 ns since the Unix epoch. */
  readonly created: bigint;
}

/** Where an append expects its stream to end. */
export type Expected = number | 'any' | 'no_stream' | 'stream_exists';

/** An event of the server's own. */
export const systemEvent = (type: string, data: string, json = true): ProposedEvent => ({
  id: crypto.randomUUID(),
  type,
  json,
  data: Buffer.from(data),
  metadata: new Uint8Array(),
});
