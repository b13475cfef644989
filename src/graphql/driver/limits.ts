/** What one client may ask of the server, over HTTP, SSE and sockets alike. */
export interface GraphqlLimits {
  /** Fields below each other. */
  readonly depth: number;
  /** Fields that an answer may have when every page is full. */
  readonly cost: number;
  /** Fields of the schema itself that a document may ask for. */
  readonly introspection: number;
  /** Fields that an operation may ask for under another name. */
  readonly aliases: number;
  /** Lexical tokens of a document. */
  readonly tokens: number;
  /** Characters of a document. */
  readonly document: number;
  /** Operations of one request. */
  readonly batch: number;
  /** Milliseconds that a query may take; what it does then stops. */
  readonly query: number;
  /** Bytes of a request's body, and of one message of a socket. */
  readonly message: number;
  /** Open sockets and event streams. */
  readonly connections: number;
  /** Open sockets and event streams of one address. */
  readonly perAddress: number;
  /** Operations under way on one socket. */
  readonly operations: number;
  /** Milliseconds after which a socket that nothing is under way on is closed; at most twice as many pass. */
  readonly idle: number;
  /** Bytes that wait for a client that does not read; beyond it the socket is terminated. */
  readonly buffered: number;
  /** Milliseconds between two pings; a peer that answered none in between is gone. */
  readonly heartbeat: number;
  /** Milliseconds that peers are given to close when the server stops. */
  readonly farewell: number;
  /** Milliseconds that answers under way are waited for when the server stops. */
  readonly owed: number;
}

/** The limits of a server that was told nothing else. */
export const LIMITS: GraphqlLimits = Object.freeze({
  depth: 12,
  cost: 20_000,
  introspection: 1_000,
  aliases: 50,
  tokens: 2_500,
  document: 64 * 1024,
  batch: 1,
  query: 120_000,
  message: 4 * 1024 * 1024,
  connections: 2_000,
  perAddress: 1_000,
  operations: 100,
  idle: 600_000,
  buffered: 4 * 1024 * 1024,
  heartbeat: 15_000,
  farewell: 1_000,
  owed: 5_000,
});

/** The longest page of a list. */
export const LONGEST_PAGE = 100;
