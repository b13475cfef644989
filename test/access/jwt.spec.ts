import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { UnsecuredJWT, type JWK } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { jwtVerifier } from '../../src/adapters/jose/jwt.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { handClock } from '../spec/clock.ts';
import { SECRET, signingKey, tokenOf } from './tokens.ts';

const TOLERANCE = 5_000;

const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'taken',
    (error: unknown) => (error as { code?: unknown }).code,
  );

/** Serves a key set that can be changed; counts how often it is asked for. */
const serveKeys = async (first: readonly JWK[]) => {
  let [keys, asked] = [first, 0];
  const server = createServer((_, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/keys`,
    set: (next: readonly JWK[]) => void (keys = next),
    asked: () => asked,
    close: () => server.close(),
  };
};

describe('a token that is signed with the secret', () => {
  const clock = handClock();
  const seconds = Math.floor(clock.now() / 1_000);
  const verify = jwtVerifier(
    { secret: SECRET, issuer: 'https://issuer', audience: 'sagalog', tolerance: TOLERANCE },
    clock,
  );
  const right = { iss: 'https://issuer', aud: 'sagalog', exp: seconds + 60 };

  it('says what it says, and until when', async () => {
    const { claims, until } = await verify(await tokenOf({ ...right, roles: ['viewer'] }));
    expect(claims).toEqual({ ...right, sub: 'ann', roles: ['viewer'] });
    expect(until).toBe((seconds + 60) * 1_000 + TOLERANCE);
  });

  it.each([
    ['has expired', { ...right, exp: seconds - 6 }],
    ['is not valid yet', { ...right, nbf: seconds + 6 }],
    ['is of another issuer', { ...right, iss: 'https://other' }],
    ['is for another server', { ...right, aud: 'other' }],
  ])('is refused when it %s', async (_, claims) => {
    expect(await codeOf(verify(await tokenOf(claims)))).toBe('UNAUTHENTICATED');
  });

  it.each([
    ['expires', { ...right, exp: seconds - 4 }],
    ['begins', { ...right, nbf: seconds + 4 }],
  ])('is taken when its clock is a little apart as it %s', async (_, claims) => {
    expect(await codeOf(verify(await tokenOf(claims)))).toBe('taken');
  });

  it('is refused when it is for ever', async () => {
    const { exp: _, ...others } = right;
    expect(await codeOf(verify(await tokenOf({ ...others, exp: undefined as unknown as number })))).toBe(
      'UNAUTHENTICATED',
    );
  });

  it('is refused with another signature, with none, and when it is no token', async () => {
    const other = await tokenOf(right, 'another secret that is long enough too');
    const unsigned = new UnsecuredJWT({ sub: 'ann', ...right }).encode();
    const rs = await (await signingKey('RS256', 'a')).sign(right);
    for (const token of [other, unsigned, rs, 'no.token.', 'x']) {
      const refused = verify(token);
      await expect(refused).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      await expect(refused).rejects.toThrow(/^Expected a token .*, but /);
    }
  });
});

describe('a token that is signed with a key of the set', () => {
  it.each(['RS256', 'ES256'] as const)('is taken with %s, and a secret of that text is not', async (alg) => {
    const key = await signingKey(alg, 'a');
    const keys = await serveKeys([key.jwk]);
    const verify = jwtVerifier({ keys: keys.url, tolerance: TOLERANCE }, handClock());
    expect(await codeOf(verify(await key.sign({})))).toBe('taken');
    expect(await codeOf(verify(await tokenOf({}, JSON.stringify(key.jwk))))).toBe('UNAUTHENTICATED');
    expect(await codeOf(verify(await (await signingKey(alg, 'a')).sign({})))).toBe('UNAUTHENTICATED');
  });

  it('is taken beside one that is signed with the secret', async () => {
    const key = await signingKey('ES256', 'a');
    const keys = await serveKeys([key.jwk]);
    const verify = jwtVerifier({ secret: SECRET, keys: keys.url, tolerance: TOLERANCE }, handClock());
    expect(await codeOf(verify(await key.sign({})))).toBe('taken');
    expect(await codeOf(verify(await tokenOf({})))).toBe('taken');
  });

  it('is not told to be wrong when the set is away', async () => {
    const key = await signingKey('ES256', 'a');
    const keys = await serveKeys([key.jwk]);
    keys.close();
    const verify = jwtVerifier({ keys: keys.url, tolerance: TOLERANCE }, handClock());
    expect(await codeOf(verify(await key.sign({})))).toBe('UNAVAILABLE');
  });

  it('is taken when the key came into the file later', async () => {
    const [old, fresh] = await Promise.all([signingKey('ES256', 'old'), signingKey('ES256', 'fresh')]);
    const path = join(temporaryFolder(), 'keys.json');
    await writeFile(path, JSON.stringify({ keys: [old.jwk] }));
    const clock = handClock();
    const verify = jwtVerifier({ keys: path, tolerance: TOLERANCE }, clock);
    expect(await codeOf(verify(await old.sign({})))).toBe('taken');
    await writeFile(path, JSON.stringify({ keys: [fresh.jwk] }));
    // Whoever sends nonsense does not have the file read each time.
    expect(await codeOf(verify(await fresh.sign({})))).toBe('UNAUTHENTICATED');
    clock.advance(30_000);
    expect(await codeOf(verify(await fresh.sign({})))).toBe('taken');
    expect(await codeOf(verify(await old.sign({})))).toBe('UNAUTHENTICATED');
  });
});
