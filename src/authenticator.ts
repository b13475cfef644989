import { hash, timingSafeEqual } from 'node:crypto';
import type { JwtOptions, VerifyJwt } from './adapters/jose/jwt.ts';
import type { AccessConfig } from './access-config.ts';
import { bearerIn } from './domain/access/bearer.ts';
import { accessIn, userIn, type ClaimNames } from './domain/access/claims.ts';
import { ALL_ACCESS } from './domain/access/grant.ts';
import { isMeantAsKey } from './domain/access/key-text.ts';
import type { IdentifyKey } from './key-identities.ts';
import { Unauthenticated, type Authenticator, type Identity } from './ports/authenticator.ts';
import type { Clock } from './ports/clock.ts';
import { recentIdentities } from './recent-identities.ts';

/** Who nobody asks for a token: on a server that only this machine reaches. */
const ANYBODY: Identity = {
  actor: { id: 'anonymous', kind: 'user', via: 'none' },
  access: ALL_ACCESS,
  user: undefined,
  until: undefined,
};

const ADMIN: Identity = {
  actor: { id: 'admin', kind: 'user', via: 'admin_key' },
  access: ALL_ACCESS,
  user: 'admin',
  until: undefined,
};

const digestOf = (text: string): Buffer => hash('sha256', text, 'buffer');

const tokenIn = (authorization: string | undefined): string => {
  const token = bearerIn(authorization);
  if (token !== undefined) return token;
  const found = authorization === undefined ? 'there is none' : 'it is another';
  throw new Unauthenticated(`Expected a header "Authorization: Bearer <token or key>", but ${found}.`);
};

const identityOf = async (token: string, verify: VerifyJwt, names: ClaimNames): Promise<Identity> => {
  const { claims, until } = await verify(token);
  const user = userIn(claims);
  const access = accessIn(claims, names);
  if (user === undefined || access === undefined) {
    const missing = user === undefined ? 'sub' : names.tenant;
    throw new Unauthenticated(
      `Expected a token that says who it is for, but its claim "${missing}" does not.`,
    );
  }
  return { actor: { id: user, kind: 'user', via: 'jwt' }, access, user, until };
};

// What verifies tokens is loaded where some are taken.
const openVerifier = async (options: JwtOptions, clock: Clock): Promise<VerifyJwt> => {
  const { jwtVerifier } = await import('./adapters/jose/jwt.ts');
  return jwtVerifier(options, clock);
};

/** Whether anybody is asked who they are. */
export const asksForTokens = ({ jwt, adminKey }: AccessConfig): boolean =>
  jwt !== undefined || adminKey !== undefined;

/** Tells who somebody is as the configuration says; everybody may everything when it says nothing. */
export const openAuthenticator = async (
  config: AccessConfig,
  clock: Clock,
  identifyKey: IdentifyKey,
): Promise<Authenticator> => {
  if (!asksForTokens(config)) return { identify: () => Promise.resolve(ANYBODY) };
  const { jwt, adminKey } = config;
  const admin = adminKey === undefined ? undefined : digestOf(adminKey);
  const verify = jwt === undefined ? undefined : await openVerifier(jwt, clock);
  const recent = recentIdentities(clock);
  return {
    identify: async (authorization) => {
      const token = tokenIn(authorization);
      const digest = digestOf(token);
      if (admin !== undefined && timingSafeEqual(digest, admin)) return ADMIN;
      if (isMeantAsKey(token)) return identifyKey(token);
      if (jwt === undefined || verify === undefined)
        throw new Unauthenticated('Expected a key that is known here, but it is not.');
      return recent.of(digest.toString('base64'), () => identityOf(token, verify, jwt.claims));
    },
  };
};
