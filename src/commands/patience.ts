import { Rejection } from '../domain/rejection.ts';
import type { Clock } from '../ports/clock.ts';

const PATIENCE = 10_000;

/**
 * A caller's wait for work that goes on until the log has answered. Rejects with `UNAVAILABLE` when that takes
 * longer than ten seconds: the work may still be carried out, so the caller repeats it with the same key.
 */
export const patiently = async <T>(clock: Clock, work: Promise<T>): Promise<T> => {
  let expire: () => void = () => undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    expire = () =>
      reject(
        new Rejection('UNAVAILABLE', 'Expected the event log to answer within 10 s, but it did not.', {
          expected: 'repeat the call with the same idempotency key: it is carried out once',
        }),
      );
  });
  const timer = clock.after(PATIENCE, expire);
  try {
    return await Promise.race([work, expired]);
  } finally {
    timer.cancel();
  }
};
