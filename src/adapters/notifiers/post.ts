import { shortened } from '../../domain/cut.ts';
import { NotDelivered } from '../../ports/notifier.ts';

const MOST_SHOWN = 200;
const MOST_READ = 65_536;

/** Statuses below 500 after which trying again may help. */
const PASSING = new Set([408, 421, 425, 429]);

/**
 * Posts JSON and resolves for an answer of 2xx. Rejects with `NotDelivered`, final for any other answer below 500 that
 * says that the request itself is refused; it names the host only, for the rest of a URL may be secret.
 */
export const postJson = async (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> => {
  const { host } = new URL(url);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'sagalog', ...headers },
    body,
    signal,
    // Whoever is redirected to was not configured, and would see what is signed.
    redirect: 'manual',
  }).catch((error: unknown) => {
    throw unanswered(host, error);
  });
  const { status } = response;
  if (response.ok) {
    await response.body?.cancel();
    return;
  }
  const said = await textOf(response);
  const isFinal = status < 500 && !PASSING.has(status);
  const pause = pauseOf(response.headers.get('retry-after'));
  throw new NotDelivered(
    `Http${status}`,
    `Expected ${host} to answer 2xx, but it answered ${status}${said === '' ? '' : `: ${said}`}.`,
    { isFinal, ...(pause === undefined ? {} : { pause }) },
  );
};

const unanswered = (host: string, error: unknown): NotDelivered => {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  const why = typeof cause?.code === 'string' ? cause.code : 'the connection failed';
  return new NotDelivered('Network', `Expected an answer of ${host}, but: ${why}.`, { cause: error });
};

/** The beginning of what an answer says, on one line. */
const textOf = async ({ body }: Response): Promise<string> => {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MOST_READ) break;
    }
  } catch {
    // What was read so far says enough: the status is known.
  }
  return shortened(text.replaceAll(/\s+/g, ' ').trim(), MOST_SHOWN);
};

/** Milliseconds of a `Retry-After` in seconds. */
const pauseOf = (header: string | null): number | undefined =>
  header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1_000 : undefined;
