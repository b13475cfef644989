import type { RetryPolicy } from '../definition/definition.ts';

/** Milliseconds to wait after failed attempt `n` (from 1): min(initial × multiplier^(n−1), max), ± the jitter drawn. */
export const retryDelay = (policy: RetryPolicy, n: number, random: () => number): number => {
  const base = Math.min(policy.initial * policy.multiplier ** (n - 1), policy.max);
  const drawn = policy.jitter === 0 ? 0 : policy.jitter * (2 * random() - 1);
  return Math.max(0, Math.round(base * (1 + drawn)));
};

/** Whether an error after `tries` attempts is tried again. */
export const isRetried = (policy: RetryPolicy, tries: number, errorType: string): boolean =>
  tries < policy.maxAttempts && !policy.nonRetryable.includes(errorType);
