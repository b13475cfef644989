import type { GraphqlContext } from '../context.ts';
import { apiError } from '../errors/api-error.ts';
import { createSource } from '../feed/source.ts';

/** What a subscription says that ends because its token does. */
export const OVER = 'Expected a token that is valid now, but the one that this was opened with has expired.';

/** The same values until the token of whoever asked for them is over, which is then told as an error. */
export const untilOver = (
  values: AsyncIterableIterator<unknown>,
  { identity: { until }, clock }: Pick<GraphqlContext, 'identity' | 'clock'>,
): AsyncIterableIterator<unknown> => {
  if (until === undefined) return values;
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const timer = clock.schedule(until, () => reject(apiError('UNAUTHENTICATED', OVER)));
  const pull = async (): Promise<unknown> => {
    const { done, value } = await Promise.race([values.next(), promise]);
    return done === true ? undefined : value;
  };
  return createSource(pull, async () => {
    timer.cancel();
    await values.return?.();
  });
};
