import type { Json } from '../../domain/json.ts';
import { HttpError } from './errors.ts';
import { networkError } from './send.ts';

/** The body of a response: parsed when it says that it is JSON, else text; null when it is empty. */
export const bodyOf = async (response: Response, limit: number, signal: AbortSignal): Promise<Json> => {
  const bytes = await read(response, limit, signal);
  if (bytes.length === 0) return null;
  const type = response.headers.get('content-type') ?? '';
  const text = decode(bytes, type);
  if (!/^[\w.+-]+\/([\w.-]+\+)?json\b/i.test(type)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new HttpError('InvalidResponse', `Expected a response of JSON, as it says it is, but it is none.`, {
      status: response.status,
    });
  }
};

/** The headers worth keeping: all but cookies, which are credentials. */
export const headersOf = (response: Response): Readonly<Record<string, string>> => {
  const kept = [...response.headers].filter(([name]) => name !== 'set-cookie');
  return Object.fromEntries(kept);
};

const read = async (response: Response, limit: number, signal: AbortSignal): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > limit) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : networkError(error, new URL(response.url));
  }
  if (size <= limit) return Buffer.concat(chunks);
  throw new HttpError(
    'ResponseTooLarge',
    `Expected a response of at most ${limit} bytes (max_bytes), but there are more.`,
    { status: response.status },
  );
};

const decode = (bytes: Uint8Array, type: string): string => {
  const charset = /charset="?([\w-]+)/i.exec(type)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError(
      'InvalidResponse',
      `Expected a response of ${charset} text, but it cannot be read as that.`,
      { content_type: type },
    );
  }
};
