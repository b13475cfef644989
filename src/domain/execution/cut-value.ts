import type { Json } from '../json.ts';

/** The most bytes that are kept of a captured value, as JSON. */
export const CAPTURE_LIMIT = 10_240;

/** A value as it is kept. */
export interface KeptValue {
  readonly json: Json;
  /** Bytes of the whole value as JSON. */
  readonly bytes: number;
  readonly cut: boolean;
}

const sizeOf = (value: Json): number => Buffer.byteLength(JSON.stringify(value));

// Half of a surrogate pair would be no text.
const beginningOf = (text: string, length: number): string => {
  const cut = text.slice(0, length);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
};

/**
 * A value of at most `limit` bytes as JSON. A larger one is replaced by `{ truncated: true, bytes, beginning }`: how many
 * bytes it has, and as much of its JSON text as fits.
 */
export const cutValue = (value: Json, limit = CAPTURE_LIMIT): KeptValue => {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= limit) return { json: value, bytes, cut: false };
  const kept = (length: number) => ({ truncated: true, bytes, beginning: beginningOf(text, length) });
  let [fits, tooLong] = [0, Math.min(text.length, limit) + 1];
  while (tooLong - fits > 1) {
    const length = Math.floor((fits + tooLong) / 2);
    if (sizeOf(kept(length)) <= limit) fits = length;
    else tooLong = length;
  }
  return { json: kept(fits), bytes, cut: true };
};
