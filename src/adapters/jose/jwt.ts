import { errors, jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import type { JsonObject } from '../../domain/json.ts';
import { Rejection } from '../../domain/rejection.ts';
import { Unauthenticated } from '../../ports/authenticator.ts';
import type { Clock } from '../../ports/clock.ts';
import { keySetAt } from './key-sets.ts';

/** Which tokens are taken. */
export interface JwtOptions {
  /** HS256 with this secret, and no other algorithm. */
  readonly secret?: string | undefined;
  /** RS256 and ES256 with the keys of the set at this address, or in this file. */
  readonly keys?: string | undefined;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  /** Milliseconds that clocks may be apart. */
  readonly tolerance: number;
}

/** The claims of a token whose signature and time are right, and `exp` in ms. Rejects with `Unauthenticated`, `Rejection` (`UNAVAILABLE`). */
export type VerifyJwt = (token: string) => Promise<{ readonly claims: JsonObject; readonly until: number }>;

/** A secret's algorithm is no key set's: a public key must never be taken for a secret. */
const ways = (options: JwtOptions, clock: Clock): readonly (readonly [string[], JWTVerifyGetKey])[] => {
  const { secret, keys } = options;
  const bytes = secret === undefined ? undefined : new TextEncoder().encode(secret);
  return [
    ...(bytes === undefined ? [] : [[['HS256'], () => Promise.resolve(bytes)] as const]),
    ...(keys === undefined ? [] : [[['RS256', 'ES256'], keySetAt(keys, clock)] as const]),
  ].map(([algorithms, key]) => [[...algorithms], key as JWTVerifyGetKey]);
};

/** What is wrong with a token, in words that say nothing of what is in it. */
const refusalOf = (error: unknown): Error => {
  if (error instanceof errors.JWTExpired)
    return new Unauthenticated('Expected a token that is valid now, but it has expired.', error);
  if (error instanceof errors.JWTClaimValidationFailed)
    return new Unauthenticated(
      `Expected a token for this server and this time, but its claim "${error.claim}" is missing or another.`,
      error,
    );
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  )
    return new Unauthenticated(
      'Expected a token that is signed by a key of its issuer, but it is not.',
      error,
    );
  if (
    error instanceof errors.JWKSTimeout ||
    !(error instanceof errors.JOSEError) ||
    error.code === 'ERR_JOSE_GENERIC'
  )
    return new Rejection(
      'UNAVAILABLE',
      'Expected to get the keys that tokens are signed by, but it failed; try again.',
    );
  return new Unauthenticated(
    'Expected a token that is a signed JWT, but it is none that is taken here.',
    error,
  );
};

/** Verifies tokens. */
export const jwtVerifier = (options: JwtOptions, clock: Clock): VerifyJwt => {
  const { issuer, audience, tolerance } = options;
  const taken = ways(options, clock);
  const verify = async (token: string, [algorithms, key]: readonly [string[], JWTVerifyGetKey]) => {
    const expected: JWTVerifyOptions = {
      algorithms,
      ...(issuer === undefined ? {} : { issuer }),
      ...(audience === undefined ? {} : { audience }),
      clockTolerance: tolerance / 1_000,
      currentDate: new Date(clock.now()),
      requiredClaims: ['exp'],
    };
    const { payload } = await jwtVerify(token, key, expected);
    return { claims: payload as JsonObject, until: (payload.exp ?? 0) * 1_000 + tolerance };
  };
  return async (token) => {
    let refused: unknown;
    for (const way of taken)
      try {
        return await verify(token, way);
      } catch (error) {
        // Of two ways the one that takes the token's algorithm says what is wrong with it.
        if (refused === undefined || !(error instanceof errors.JOSEAlgNotAllowed)) refused = error;
        if (!(error instanceof errors.JOSEAlgNotAllowed)) break;
      }
    throw refusalOf(refused);
  };
};
