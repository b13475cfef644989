import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';

/** A client that applications are built on, as far as they use it with the API. */
export interface ApiClient {
  /** Data of a query or a mutation; rejects with `Refused`. */
  ask<T>(document: string, variables?: Variables): Promise<T>;
  /** What a subscription says, until it completes; rejects with `Refused`. */
  follow<T>(document: string, variables?: Variables): Promise<readonly T[]>;
  close(): Promise<void>;
}

/** Variables of an operation. */
export type Variables = Readonly<Record<string, unknown>>;

/** An error of GraphQL, as clients hand it on. */
export interface Told {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** The API has refused an operation. */
export class Refused extends Error {
  readonly code: unknown;

  constructor({ message, extensions }: Told, cause?: unknown) {
    super(message, { cause });
    this.name = 'Refused';
    this.code = extensions?.['code'];
  }
}

/** A client of sockets at the address where GraphQL is. */
export const socketClient = (url: string): Client =>
  createClient({ url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
