import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject } from '../domain/json.ts';

/** A node refused what it was asked, and would again. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Refused';
    this.code = code;
  }
}

/** The nodes that a worker works for. */
export interface Nodes {
  /** Asks one node, once. Rejects with `Refused`, or with what went wrong on the way. */
  ask(url: string, what: string, body: JsonObject, over: AbortSignal): Promise<JsonObject>;
  /** Asks the nodes in turn, from one on, until one answers for the attempt. Rejects with `Refused`, or when it is over. */
  tell(first: string, what: string, body: JsonObject, over: AbortSignal): Promise<JsonObject>;
}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;

interface Refusal {
  readonly error?: { readonly code: string; readonly message: string };
}

/** Asks nodes over HTTP, as whoever a token says. */
export const createNodes = (urls: readonly string[], token?: string): Nodes => {
  const who: Readonly<Record<string, string>> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };

  const ask: Nodes['ask'] = async (url, what, body, over) => {
    const response = await fetch(new URL(`/workers/${what}`, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...who },
      body: JSON.stringify(body),
      signal: over,
    });
    const answer = (await response.json()) as JsonObject;
    if (response.ok) return answer;
    const { code = '', message = `HTTP ${response.status}` } = (answer as Refusal).error ?? {};
    if (response.status >= 500 || response.status === 429) throw new Error(`${code}: ${message}`);
    throw new Refused(code, message);
  };

  return {
    ask,
    tell: async (first, what, body, over) => {
      const from = Math.max(0, urls.indexOf(first));
      for (let wait = FIRST_PAUSE; ; wait = Math.min(LONGEST_PAUSE, wait * 2)) {
        for (let n = 0; n < urls.length; n += 1) {
          const url = urls[(from + n) % urls.length] ?? first;
          try {
            return await ask(url, what, body, over);
          } catch (error) {
            if (over.aborted || (error instanceof Refused && error.code !== 'NOT_OWNER')) throw error;
          }
        }
        await pause(wait, undefined, { signal: over });
      }
    },
  };
};
