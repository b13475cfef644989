import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLError } from 'graphql';
import { apiError } from '../errors/api-error.ts';
import { addressOf } from '../requests.ts';
import type { GraphqlLimits } from './limits.ts';

/** Why there is no place for a connection. */
export interface NoSeat {
  /** 503 when the server has all that it may have, 429 when their address has. */
  readonly status: 429 | 503;
  readonly found: number;
  readonly expected: number;
}

/** Connections that may go on for ever: sockets and event streams, counted together and by address. */
export interface Seats {
  /** Takes a place until the connection closes; or says why there is none. */
  take(request: IncomingMessage, connection: Duplex | ServerResponse): NoSeat | undefined;
  /** Takes a place for an event stream; whether there was one. Whoever asks for none is answered that. */
  admits(request: IncomingMessage, response: ServerResponse): boolean;
}

/** What whoever finds no place is told. */
export const noSeat = ({ status, found, expected }: NoSeat): GraphQLError =>
  apiError(
    'TOO_MANY_CONNECTIONS',
    `Expected at most ${expected} sockets and event streams ${status === 429 ? 'of one address' : 'at once'}, but there are ${found}; close one, or come back later.`,
    { found, expected },
  );

const asksForStream = ({ headers: { accept = '' } }: IncomingMessage): boolean =>
  accept.includes('text/event-stream');

/** Counts connections, none at first. */
export const createSeats = (
  { connections, perAddress }: Pick<GraphqlLimits, 'connections' | 'perAddress'>,
  isProxy: (address: string | undefined) => boolean,
): Seats => {
  const taken = new Map<string, number>();
  let all = 0;

  const leave = (address: string): void => {
    all -= 1;
    const left = (taken.get(address) ?? 1) - 1;
    if (left === 0) taken.delete(address);
    else taken.set(address, left);
  };

  const take: Seats['take'] = (request, connection) => {
    const address = addressOf(request, isProxy) ?? '';
    const own = taken.get(address) ?? 0;
    if (all >= connections) return { status: 503, found: all, expected: connections };
    if (own >= perAddress) return { status: 429, found: own, expected: perAddress };
    all += 1;
    taken.set(address, own + 1);
    connection.once('close', () => leave(address));
    return undefined;
  };

  return {
    take,
    admits: (request, response) => {
      const refused = asksForStream(request) ? take(request, response) : undefined;
      if (refused === undefined) return true;
      response.writeHead(refused.status, {
        'content-type': 'application/json; charset=utf-8',
        connection: 'close',
      });
      response.end(JSON.stringify({ errors: [noSeat(refused)] }));
      return false;
    },
  };
};
