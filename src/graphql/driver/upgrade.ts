import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLError } from 'graphql';

/** Why an upgrade is refused: an HTTP status, and what is told besides. */
export interface Refusal {
  readonly status: 403 | 404 | 429 | 503;
  readonly error?: GraphQLError;
}

/** The path that was asked for, without its query. */
export const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0] ?? '';

const first = (value: string | readonly string[] | undefined): string | undefined =>
  (typeof value === 'string' ? value : value?.[0])?.split(',', 1)[0]?.trim();

/** Whether the page that opens the socket, if it is one, comes from this server, or from the host that a proxy says it stands for. */
export const isSameOrigin = ({ headers }: IncomingMessage, isForwarded = false): boolean => {
  const { origin } = headers;
  const host = (isForwarded ? first(headers['x-forwarded-host']) : undefined) ?? headers.host;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
};

/** Answers an upgrade with a status, and with why, and ends the connection. */
export const refuse = (socket: Duplex, { status, error }: Refusal): void => {
  // A peer that resets what is refused anyway is no news.
  socket.on('error', () => socket.destroy());
  const body = error === undefined ? '' : JSON.stringify({ errors: [error] });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    ...(error === undefined ? [] : ['Content-Type: application/json; charset=utf-8']),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
};
