import { randomBytes } from 'node:crypto';
import type { Secrets } from '../../ports/secrets.ts';

const BYTES = 32;

/** Secrets of the machine's source of randomness. */
export const systemSecrets = (): Secrets => ({ next: () => randomBytes(BYTES).toString('base64url') });
