import type { Json } from '../../domain/json.ts';
import { NonRetryable } from '../non-retryable.ts';

/** Variables of the environment by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where an input says a secret by name: `{ secret: NAME }`, with text around it as wanted. */
export interface SecretReference {
  readonly secret: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

/** What the secrets of one call are; `redact` takes them out of whatever goes back. */
export interface Secrets {
  /** The text that a value stands for. Throws `SecretMissing` (not retried) for a name without a value. */
  text(value: string | SecretReference): string;
  /** The value with every reference in it replaced; `secret` says whether there was one. */
  fill(value: Json): { readonly value: Json; readonly secret: boolean };
  redact(value: Json): Json;
  redactText(text: string): string;
}

const VARIABLE = 'SAGALOG_SECRET_';
const FIELDS = new Set(['secret', 'prefix', 'suffix']);

/** A value that stands for a secret: an object of `secret`, `prefix` and `suffix` only. */
export const isReference = (value: Json | undefined): value is Json & SecretReference =>
  typeof value === 'object' &&
  value !== null &&
  'secret' in value &&
  Object.entries(value).every(([key, field]) => FIELDS.has(key) && typeof field === 'string');

/** Secrets from variables `SAGALOG_SECRET_<NAME>`, as they are when they are asked for. */
export const createSecrets = (env: Environment): Secrets => {
  const used = new Map<string, string>();

  const resolve = ({ secret, prefix = '', suffix = '' }: SecretReference): string => {
    const value = env[VARIABLE + secret];
    if (value === undefined || value === '')
      throw new NonRetryable(
        `Expected the secret "${secret}" in the variable ${VARIABLE}${secret}, but it is not set.`,
        { type: 'SecretMissing', details: { secret } },
      );
    for (const form of formsOf(value)) used.set(form, `[secret ${secret}]`);
    return prefix + value + suffix;
  };

  const redactText = (text: string): string => {
    let clean = text;
    // The longest first: one secret may hold another.
    for (const [value, label] of [...used].sort(([a], [b]) => b.length - a.length))
      clean = clean.replaceAll(value, () => label);
    return clean;
  };

  return {
    text: (value) => (typeof value === 'string' ? value : resolve(value)),
    fill: (value) => {
      let secret = false;
      const filled = mapStrings(
        value,
        (text) => text,
        (reference) => {
          secret = true;
          return resolve(reference);
        },
      );
      return { value: filled, secret };
    },
    redact: (value) => (used.size === 0 ? value : mapStrings(value, redactText)),
    redactText,
  };
};

/** A text as it may come back: as it is, and as URLs, forms and JSON write it. */
const formsOf = (text: string): readonly string[] => [
  text,
  encodeURIComponent(text),
  encodeURI(text),
  new URLSearchParams([['', text]]).toString().slice(1),
  JSON.stringify(text).slice(1, -1),
];

const mapStrings = (
  value: Json,
  onText: (text: string) => string,
  onReference?: (reference: SecretReference) => string,
): Json => {
  if (typeof value === 'string') return onText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (onReference !== undefined && isReference(value)) return onReference(value);
  if (Array.isArray(value))
    return (value as readonly Json[]).map((item) => mapStrings(item, onText, onReference));
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [onText(key), mapStrings(field, onText, onReference)]),
  );
};
