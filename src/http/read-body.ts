import type { IncomingMessage } from 'node:http';
import { Rejection } from '../domain/rejection.ts';
import type { Json } from '../domain/json.ts';
import { apiError } from '../graphql/errors/api-error.ts';
import { JsonValue } from '../graphql/scalars/json.scalar.ts';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i;

const tooLarge = (limit: number): Rejection =>
  new Rejection('PAYLOAD_TOO_LARGE', `Expected a body of at most ${limit} bytes, but it has more.`, {
    field: 'body',
    expected: limit,
  });

const bytesOf = async (request: IncomingMessage, limit: number): Promise<Buffer> => {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  // Its end must not end the connection, which the refusal is yet to be sent on.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
};

const parse = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'it is no UTF-8';
    throw new Rejection('BAD_USER_INPUT', `Expected a body that is JSON, but ${why}.`, { field: 'body' });
  }
};

/**
 * The body of a request as JSON, null when it has none; what would lose digits is refused. Only JSON is taken, which a
 * page of another site cannot send without asking first. Rejects with `UNSUPPORTED_MEDIA_TYPE`, `PAYLOAD_TOO_LARGE`
 * (over `limit` bytes) and `BAD_USER_INPUT`.
 */
export const readBody = async (request: IncomingMessage, limit: number): Promise<Json> => {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (encoding !== 'identity')
    throw apiError('UNSUPPORTED_MEDIA_TYPE', `Expected a body as it is, but it is encoded as ${encoding}.`);
  const bytes = await bytesOf(request, limit);
  if (bytes.length === 0) return null;
  if (!JSON_TYPE.test(type)) {
    const found = type === '' ? 'nothing' : type;
    throw apiError('UNSUPPORTED_MEDIA_TYPE', `Expected Content-Type: application/json, but found ${found}.`);
  }
  return JsonValue.parseValue(parse(bytes));
};
