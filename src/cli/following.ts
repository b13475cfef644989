import type { Api } from './demo/api.ts';
import { showRebuilds, type SeenRebuild } from './rebuild-progress.ts';

const SERVER = 'http://127.0.0.1:4000/graphql';

/** Where the API of a server is that was named by its address, or of the one on this machine. */
export const urlOf = (url = SERVER): string =>
  new URL(url).pathname === '/' ? `${url.replace(/\/$/, '')}/graphql` : url;

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
