import type { Api } from './demo/api.ts';
import { showRebuilds, type SeenRebuild } from './rebuild-progress.ts';

const SERVER = 'http://127.0.0.1:4000/graphql';

/** Where the API of a server is that was named by its address, or of the one on this machine. Throws for what is no address. */
export const urlOf = (url = SERVER): string => {
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new TypeError(`Expected --url to be an address like http://127.0.0.1:4000, but found "${url}".`);
  return new URL(url).pathname === '/' ? `${url.replace(/\/$/, '')}/graphql` : url;
};

/** The share of its time that a rebuild may work, as it was given. Throws for what is no number; the server says which it takes. */
export const shareOf = (text: string): number => {
  const share = Number(text);
  if (text.trim() !== '' && Number.isFinite(share)) return share;
  throw new TypeError(`Expected --max-share to be a number from 0.01 to 1, but found "${text}".`);
};

/** A time that an option gives, or the beginning of a day (UTC). Throws for what is neither. */
export const timeOf = (option: string, text: string): string => {
  if (/^\d{4}-\d\d-\d\d(?:T.+)?$/.test(text) && !Number.isNaN(Date.parse(text)))
    return new Date(text).toISOString();
  throw new TypeError(`Expected ${option} to be a time such as 2026-01-31T00:00:00Z, but found "${text}".`);
};

/** What a mutation answers, however long that takes: over HTTP clients give up after minutes. */
export const ask = <T>(
  api: Pick<Api, 'subscribe'>,
  document: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<T> =>
  new Promise((resolve, reject) => {
    api.subscribe(document, variables, (data) => resolve(data as T), reject);
  });

/** Follows rebuilds on the screen while the work is under way. */
export const whileFollowed = async <T>(api: Api, work: () => Promise<T>): Promise<T> => {
  const shown = showRebuilds(process.stderr);
  const leave = api.subscribe(
    'subscription { rebuildProgress { projection phase paused position end rate eta compared } }',
    {},
    (data) => shown.show((data as { rebuildProgress: readonly SeenRebuild[] }).rebuildProgress),
    // What is shown is nothing that the work depends on.
    () => undefined,
  );
  try {
    return await work();
  } finally {
    leave();
    shown.stop();
  }
};
