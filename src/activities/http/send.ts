import { HttpError } from './errors.ts';
import type { HttpRequest } from './request.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a request and follows at most `redirects` redirects; one more fails with `TooManyRedirects`.
 * With 0 a redirect is an answer like any other. Secrets never go to another origin than the first.
 */
export const send = async (
  request: HttpRequest,
  redirects: number,
  signal: AbortSignal,
): Promise<Response> => {
  let current = request;
  for (let followed = 0; ; followed += 1) {
    const response = await fetchOnce(current, signal);
    const location = response.headers.get('location');
    if (redirects === 0 || !REDIRECTS.has(response.status) || location === null) return response;
    await response.body?.cancel();
    if (followed === redirects)
      throw new HttpError(
        'TooManyRedirects',
        `Expected at most ${redirects} redirects, but there are more.`,
        null,
      );
    current = redirected(current, location, response.status);
  }
};

const fetchOnce = async (
  { method, url, headers, body }: HttpRequest,
  signal: AbortSignal,
): Promise<Response> => {
  try {
    return await fetch(url, {
      method,
      headers,
      signal,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : networkError(error, url);
  }
};

/** A request that got no answer, or lost it on the way. */
export const networkError = (error: unknown, { origin }: Pick<URL, 'origin'>): HttpError => {
  const { cause } = error as { readonly cause?: { readonly code?: unknown; readonly message?: unknown } };
  const code = typeof cause?.code === 'string' ? cause.code : 'UNKNOWN';
  const why = typeof cause?.message === 'string' && cause.message !== '' ? cause.message : code;
  return new HttpError('Network', `Expected an answer from ${origin}, but: ${why}.`, { code });
};

const redirected = (from: HttpRequest, location: string, status: number): HttpRequest => {
  const url = URL.parse(location, from.url.href);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new HttpError('InvalidResponse', 'Expected a redirect to an http or https URL, but it is none.', {
      status,
    });
  const headers = new Headers(from.headers);
  const away = url.origin !== from.url.origin;
  if (away) for (const name of from.secretHeaders) headers.delete(name);
  const asGet = status === 303 ? from.method !== 'HEAD' : status < 303 && from.method === 'POST';
  if (!asGet && away && from.secretBody)
    throw new HttpError(
      'InvalidResponse',
      `Expected a body with secrets to stay with ${from.url.origin}, but it is redirected to ${url.origin}.`,
      { status },
    );
  if (!asGet) return { ...from, url, headers };
  headers.delete('content-type');
  return { ...from, url, headers, method: 'GET', body: undefined, secretBody: false };
};
