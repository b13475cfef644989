import { setTimeout as pause } from 'node:timers/promises';
import type { Json } from '../domain/json.ts';
import { eventsIn } from './event-stream.ts';

/** Which events; what is left out does not matter. */
export interface FollowFilter {
  readonly workflow?: string;
  readonly executionId?: string;
  /** Such as `step.completed`. */
  readonly types?: readonly string[];
}

/** What to follow, and where. */
export interface FollowOptions {
  /** The server's `/graphql`. */
  readonly url: string;
  /** Behind this cursor, which may be the `position` of a mutation; `'0'` begins with the first event of the log. */
  readonly after: string;
  readonly filter?: FollowFilter;
  /** What the server knows the caller by: a token or a key; none for one that asks nobody. */
  readonly token?: string | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** An event as it was appended. */
export interface FollowedEvent {
  readonly id: string;
  /** What to give as `after` to go on behind it. */
  readonly cursor: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  /** When it was decided, RFC 3339. */
  readonly at: string;
  readonly facts: Json;
  readonly payload: Json;
  /** Set while this client is so slow that it is more than 1,000 events behind. */
  readonly lagging: { readonly behind: number } | null;
}

/** The server refuses what is to be followed, and would again. */
export class FollowRefused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'FollowRefused';
    this.code = code;
  }
}

const FOLLOW = `subscription ($filter: EventFilter, $after: Position) {
  events(filter: $filter, after: $after) {
    id cursor stream revision type at facts payload lagging { behind }
  }
}`;

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;

/** What may be otherwise in a moment. */
const PASSING: ReadonlySet<string> = new Set([
  'UNAVAILABLE',
  'OVERLOADED',
  'INTERNAL',
  'INTERNAL_SERVER_ERROR',
]);

/** An event as the API sends it. */
type SentEvent = Omit<FollowedEvent, 'lagging'> & { readonly lagging: { readonly behind: string } | null };

interface Answer {
  readonly data?: { readonly events: SentEvent } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

const followed = ({ lagging, ...event }: SentEvent): FollowedEvent => ({
  ...event,
  lagging: lagging === null ? null : { behind: Number(lagging.behind) },
});

const eventIn = ({ data, errors = [] }: Answer): FollowedEvent | undefined => {
  const [error] = errors;
  if (error === undefined) return data == null ? undefined : followed(data.events);
  const { code = 'UNAVAILABLE' } = error.extensions ?? {};
  if (!PASSING.has(code)) throw new FollowRefused(code, error.message);
  throw new Error(error.message);
};

/** What one connection brings. Ends with it, and rejects with `FollowRefused` or with what went wrong on the way. */
const connect = async function* (
  { url, filter = {}, token, signal }: FollowOptions,
  after: string,
): AsyncGenerator<FollowedEvent, void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: FOLLOW, variables: { filter, after } }),
    signal: signal ?? null,
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (response.body === null || !isStream) {
    const text = await response.text();
    if (response.status >= 500 || response.status === 429) throw new Error(text);
    throw new FollowRefused(`HTTP_${response.status}`, `Expected an event stream, but found ${text}`);
  }
  for await (const { type, data } of eventsIn(response.body)) {
    if (type !== 'next') continue;
    const event = eventIn(JSON.parse(data) as Answer);
    if (event !== undefined) yield event;
  }
};

/**
 * Events as they are appended, each once and in order, without end: when the connection breaks or the server is away, it
 * comes back and goes on where it was. Ends when its signal is aborted. Rejects with `FollowRefused`.
 */
export const followEvents = async function* (options: FollowOptions): AsyncGenerator<FollowedEvent, void> {
  const { signal } = options;
  const isOver = (): boolean => signal?.aborted === true;
  let { after } = options;
  for (let wait = FIRST_PAUSE; !isOver(); wait = Math.min(LONGEST_PAUSE, wait * 2)) {
    try {
      for await (const event of connect(options, after)) {
        after = event.cursor;
        wait = FIRST_PAUSE;
        yield event;
        if (isOver()) return;
      }
    } catch (error) {
      if (isOver()) return;
      if (error instanceof FollowRefused) throw error;
    }
    // Who only stops waiting is not told of it as an error.
    await pause(wait, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
};
