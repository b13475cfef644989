import type { GraphqlContext } from '../context.ts';
import { apiError } from '../errors/api-error.ts';
import { createSource } from '../feed/source.ts';

/** What a subscription says that ends because its token does. */
export const OVER = 'Expected a token that is valid now, but the one that this was opened with has expired.';

/** What a subscription says that ends because its key was revoked. */
export const REVOKED = 'Expected a key that counts, but the one that this was opened with was revoked.';

/** The same values until the token or key of whoever asked for them is over, which is then told as an error. */
export const untilOver = (
  values: AsyncIterableIterator<unknown>,
  { identity: { until, ended }, clock }: Pick<GraphqlContext, 'identity' | 'clock'>,
): AsyncIterableIterator<unknown> => {
  if (until === undefined && ended === undefined) return values;
  let refused: Error | undefined;
  let refuse: (error: Error) => void = () => undefined;
  const end = (message: string): void => {
    refused ??= apiError('UNAUTHENTICATED', message);
    refuse(refused);
  };
  const timer = until === undefined ? undefined : clock.schedule(until, () => end(OVER));
  const revoked = (): void => end(REVOKED);
  ended?.addEventListener('abort', revoked);
  if (ended?.aborted === true) revoked();
  // Each pull has a promise of its own: one for all of them would keep something of each for as long as a key counts.
  const pull = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      refuse = reject;
      if (refused === undefined)
        values.next().then(({ done, value }) => resolve(done === true ? undefined : value), reject);
      else reject(refused);
    });
  return createSource(pull, async () => {
    timer?.cancel();
    ended?.removeEventListener('abort', revoked);
    await values.return?.();
  });
};
