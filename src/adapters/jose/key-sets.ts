import { readFile } from 'node:fs/promises';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import type { Clock } from '../../ports/clock.ts';

/** Milliseconds between two looks for a key that is not known. */
const COOLDOWN = 30_000;
/** Milliseconds that the keys of an address are kept, and that it may take to answer. */
const KEPT = 600_000;
const PATIENCE = 5_000;

const isAddress = (where: string): boolean => /^https?:\/\//.test(where);

/** Keys of a file, which is read again when it has not the key that is asked for: it may have been replaced. */
const keysOfFile = (path: string, clock: Clock): JWTVerifyGetKey => {
  let known: { readonly at: number; readonly get: JWTVerifyGetKey } | undefined;
  const read = async (): Promise<JWTVerifyGetKey> => {
    const get = createLocalJWKSet(JSON.parse(await readFile(path, 'utf8')) as JSONWebKeySet);
    known = { at: clock.now(), get };
    return get;
  };
  return async (header, token) => {
    const { at, get } = known ?? { at: clock.now(), get: await read() };
    try {
      return await get(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || clock.now() - at < COOLDOWN) throw error;
      return (await read())(header, token);
    }
  };
};

/** The keys of a set (JWKS) at an address or in a file; those that are new there are found as they are needed. */
export const keySetAt = (where: string, clock: Clock): JWTVerifyGetKey =>
  isAddress(where)
    ? createRemoteJWKSet(new URL(where), {
        cooldownDuration: COOLDOWN,
        cacheMaxAge: KEPT,
        timeoutDuration: PATIENCE,
      })
    : keysOfFile(where, clock);
