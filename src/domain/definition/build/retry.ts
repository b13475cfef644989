import type { Fallback, RetryPolicy } from '../definition.ts';
import type { Json } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { asDuration, asNumber, asObject, asText, asTexts, field } from './fields.ts';

/** What holds where a definition says nothing. */
const DEFAULTS: RetryPolicy = {
  maxAttempts: 1,
  initial: 1_000,
  multiplier: 2,
  max: 300_000,
  jitter: 0.1,
  nonRetryable: [],
};

/** Milliseconds that an attempt may take where a definition says nothing. */
export const DEFAULT_ATTEMPT_TIMEOUT = 300_000;

/** A step's own retry over the definition's, field by field, over the defaults. */
export const buildRetry = (
  own: Json | undefined,
  shared: Json | undefined,
  path: Path,
  report: Report,
): RetryPolicy => {
  const pick = (name: string): Json | undefined => field(own, name) ?? field(shared, name);
  const backoff = (name: string): Json | undefined =>
    field(field(own, 'backoff'), name) ?? field(field(shared, 'backoff'), name);
  if (asObject(own) !== undefined && pick('max_attempts') === undefined) {
    const message =
      'Expected "max_attempts" to say how often to try, the first time counted, but it is missing.';
    report.problem(path, 'RETRY_WITHOUT_ATTEMPTS', message, { key: true });
  }
  return {
    maxAttempts: asNumber(pick('max_attempts')) ?? DEFAULTS.maxAttempts,
    initial: asDuration(backoff('initial')) ?? DEFAULTS.initial,
    multiplier: asNumber(backoff('multiplier')) ?? DEFAULTS.multiplier,
    max: asDuration(backoff('max')) ?? DEFAULTS.max,
    jitter: asNumber(backoff('jitter')) ?? DEFAULTS.jitter,
    nonRetryable: asTexts(pick('non_retryable')),
  };
};

/** A fallback; `undefined` where there is none. */
export const buildFallback = (value: Json | undefined, path: Path, report: Report): Fallback | undefined => {
  const fallback = asObject(value);
  if (fallback === undefined) return undefined;
  const notify = field(fallback, 'notify') === true ? { notify: true as const } : {};
  const activity = asText(field(fallback, 'activity'));
  if (activity === 'skip') return { kind: 'skip', ...notify };
  if (activity !== undefined) return { kind: 'activity', activity, ...notify };
  if (field(fallback, 'activity') === undefined) {
    const message =
      'Expected "activity" to be skip or the name of an activity to fall back to, but it is missing.';
    report.problem(path, 'FALLBACK_WITHOUT_ACTIVITY', message, { key: true });
  }
  return undefined;
};

/** Says that a field is taken and changes nothing. */
export const warnUnenforced = (path: Path, report: Report): void => {
  const name = String(path.at(-1));
  const message = `Expected everything in a definition to take effect, but this version does not carry out "${name}".`;
  report.warning(path, 'NOT_ENFORCED', message, { key: true });
};
