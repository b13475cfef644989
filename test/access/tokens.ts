import { SignJWT, exportJWK, generateKeyPair, type JWK, type JWTPayload } from 'jose';

/** A secret that tokens of specs are signed with. */
export const SECRET = 'a secret that nobody has to guess in specs';

const NEVER = 4_000_000_000;

/** A token (HS256) with claims; it is valid for ever unless `exp` says otherwise. */
export const tokenOf = (claims: JWTPayload, secret = SECRET): Promise<string> =>
  new SignJWT({ sub: 'ann', exp: NEVER, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));

/** A pair of keys whose public one stands in a key set. */
export interface SigningKey {
  readonly jwk: JWK;
  sign(claims: JWTPayload): Promise<string>;
}

/** Makes a key; `kid` is what tokens name it by. */
export const signingKey = async (alg: 'RS256' | 'ES256', kid: string): Promise<SigningKey> => {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg },
    sign: (claims) =>
      new SignJWT({ sub: 'ann', exp: NEVER, ...claims }).setProtectedHeader({ alg, kid }).sign(privateKey),
  };
};
