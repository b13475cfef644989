import { hash } from 'node:crypto';

/** How many texts there are under their keys, and a checksum of them all that no order matters to. */
export interface Digest {
  readonly documents: number;
  /** 16 hexadecimal digits; of nothing all are 0. */
  readonly checksum: string;
}

/** What one text under its key adds to a digest. */
export interface Summand {
  readonly high: number;
  readonly low: number;
}

/** A digest of what was added to it. */
export interface Digesting {
  add(key: string, text: string): void;
  /** The same for a text that was digested before. */
  addDigested(summand: Summand): void;
  value(): Digest;
}

const hex = (part: number): string => part.toString(16).padStart(8, '0');

/** Digests a text under its key, for several digests. */
export const digestText = (key: string, text: string): Summand => {
  // The length says where the key ends.
  const digest = hash('sha256', `${key.length}:${key}${text}`, 'hex');
  return {
    high: Number.parseInt(digest.slice(0, 8), 16),
    low: Number.parseInt(digest.slice(8, 16), 16),
  };
};

/** A digest of nothing yet. The checksum is a sum, so that parts can be digested in any order. */
export const startDigest = (): Digesting => {
  let documents = 0;
  let high = 0;
  let low = 0;
  const addDigested = (summand: Summand): void => {
    documents += 1;
    high = (high + summand.high) >>> 0;
    low = (low + summand.low) >>> 0;
  };
  return {
    add: (key, text) => addDigested(digestText(key, text)),
    addDigested,
    value: () => ({ documents, checksum: `${hex(high)}${hex(low)}` }),
  };
};
