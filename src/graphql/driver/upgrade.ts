import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** Why an upgrade is refused, as an HTTP status; `undefined` when it is not. */
export type Refusal = 403 | 404 | 503 | undefined;

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

/** Answers an upgrade with a status and ends the connection. */
export const refuse = (socket: Duplex, status: 403 | 404 | 503): void => {
  // A peer that resets what is refused anyway is no news.
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};
