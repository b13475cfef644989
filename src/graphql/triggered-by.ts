import { bearerIn } from '../domain/access/bearer.ts';
import { userIn } from '../domain/access/claims.ts';
import type { Json, JsonObject } from '../domain/json.ts';

/** The claims of a token. Its signature is not looked at: what they say is recorded and grants nothing. */
const claimsOf = (token: string): JsonObject | undefined => {
  const [, claims, signature, ...more] = token.split('.');
  if (claims === undefined || signature === undefined || more.length > 0) return undefined;
  try {
    const found = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Json;
    return typeof found === 'object' && found !== null && !Array.isArray(found)
      ? (found as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Who sends a request to a server that asks nobody who they are, as the token of its `Authorization` header (`Bearer`, a JWT)
 * says: the first of `email`, `sub`, `user_id`, `preferred_username` and `name` that is a text and not empty; `undefined` when
 * there is none.
 */
export const triggeredByOf = (authorization: string | undefined): string | undefined => {
  const token = bearerIn(authorization);
  const claims = token === undefined ? undefined : claimsOf(token);
  return claims === undefined ? undefined : userIn(claims);
};
