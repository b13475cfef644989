import { shortened } from '../domain/cut.ts';
import { LONGEST_ERROR_TYPE } from '../domain/execution/error-type.ts';
import type { ErrorPayload } from '../domain/execution/events.ts';
import type { Json } from '../domain/json.ts';
import { toPayload } from '../domain/payload.ts';

const LONGEST_MESSAGE = 8_192;
const LARGEST_DETAILS = 32_768;

interface Thrown {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly message?: unknown;
  readonly details?: unknown;
  readonly retryable?: unknown;
}

/** A failure as it is kept, and whether it may be tried again. */
export interface KeptError {
  readonly error: ErrorPayload;
  readonly retry: 'by_policy' | 'never';
}

/**
 * What an activity threw, as it is kept: the type is its `type` or `name`, details come from `details`,
 * all of it cut to what a payload of `maxPayload` bytes can hold. Never throws.
 * An error with `retryable: false` is not tried again.
 */
export const errorPayload = (thrown: unknown, maxPayload: number): KeptError => {
  try {
    return read(thrown, maxPayload);
  } catch {
    const message = 'Expected an error that can be read, but reading what was thrown failed.';
    return { error: { type: 'Error', message }, retry: 'by_policy' };
  }
};

const read = (thrown: unknown, maxPayload: number): KeptError => {
  if (typeof thrown !== 'object' || thrown === null)
    return { error: { type: 'Error', message: cutMessage(String(thrown), maxPayload) }, retry: 'by_policy' };
  const { type, name, message, details, retryable } = thrown as Thrown;
  const named = [type, name].find((text): text is string => typeof text === 'string' && text !== '');
  const largest = Math.min(LARGEST_DETAILS, Math.floor(maxPayload / 4));
  const kept = details === undefined ? undefined : keptDetails(details, largest);
  return {
    error: {
      type: shortened(named ?? 'Error', Math.min(LONGEST_ERROR_TYPE, Math.floor(maxPayload / 32))),
      message: cutMessage(typeof message === 'string' ? message : '', maxPayload),
      ...(kept === undefined ? {} : { details: kept }),
    },
    retry: retryable === false ? 'never' : 'by_policy',
  };
};

/** A message as a payload of `maxPayload` bytes can hold it, beside an error's other parts. */
export const cutMessage = (message: string, maxPayload: number): string =>
  // A character takes up to six bytes of JSON.
  shortened(message, Math.min(LONGEST_MESSAGE, Math.floor(maxPayload / 16)));

/** Details that cannot be kept say why, in their place. */
const keptDetails = (details: unknown, largest: number): Json => {
  const payload = toPayload(details, largest);
  return payload.ok ? payload.json : { omitted: payload.message };
};
