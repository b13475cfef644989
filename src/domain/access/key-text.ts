import { hash, timingSafeEqual } from 'node:crypto';

/** A key in its parts. */
export interface KeyParts {
  readonly id: string;
  readonly secret: string;
}

const BEGINS = 'sag_';
const KEY = /^sag_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

/** A key as whoever has it sends it: `sag_<id>_<secret>`. */
export const keyText = ({ id, secret }: KeyParts): string => `${BEGINS}${id}_${secret}`;

/** Whether a text is meant as a key that was given out. */
export const isMeantAsKey = (text: string): boolean => text.startsWith(BEGINS);

/** The parts of a key; `undefined` for what is none. */
export const keyPartsIn = (text: string): KeyParts | undefined => {
  const [, id, secret] = KEY.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
};

/**
 * What is kept of a secret. Nobody can try 2²⁵⁶ secrets however quick that is, so it needs neither salt nor a hash that is
 * slow, as a password would, and is checked with each request.
 */
export const digestOfSecret = (secret: string): string => `sha256:${hash('sha256', secret, 'hex')}`;

/** Whether a secret is the one of a digest; it takes the same time however much of it is right. */
export const isSecretOf = (digest: string, secret: string): boolean => {
  const [kept, sent] = [Buffer.from(digest), Buffer.from(digestOfSecret(secret))];
  return kept.length === sent.length && timingSafeEqual(kept, sent);
};
