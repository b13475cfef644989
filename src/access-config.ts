import { BlockList, isIP } from 'node:net';
import { CLAIM_NAMES, type ClaimNames } from './domain/access/claims.ts';

/** Whom the server takes requests from, and as whom. */
export interface AccessConfig {
  /** Set: JSON Web Tokens are taken. */
  readonly jwt: JwtConfig | undefined;
  /** Set: whoever has it may everything. */
  readonly adminKey: string | undefined;
  /** Addresses and networks whose `X-Forwarded-…` is believed. */
  readonly trustedProxies: readonly string[];
}

/** Which tokens are taken, and where in them stands what. */
export interface JwtConfig {
  readonly secret: string | undefined;
  /** Address or file of a key set. */
  readonly keys: string | undefined;
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
  /** Milliseconds that clocks may be apart. */
  readonly tolerance: number;
  readonly claims: ClaimNames;
}

/** How variables of the environment are read. */
export interface Reading {
  text(name: string): string | undefined;
  duration(name: string, fallback: string, min: string, max: string): number;
  /** Takes note that a variable is wrong; what it says may be a secret, so it is not shown. */
  hide(name: string, expected: string): void;
  /** Takes note that a variable is wrong. */
  refuse(name: string, expected: string): void;
}

/** Fewer can be guessed. */
const LEAST = 32;

const secretIn = ({ text, hide }: Reading, name: string): string | undefined => {
  const found = text(name);
  if (found !== undefined && Buffer.byteLength(found) < LEAST)
    hide(name, `at least ${LEAST} characters that nobody can guess`);
  return found;
};

const keysIn = ({ text, refuse }: Reading, name: string): string | undefined => {
  const found = text(name);
  const isAddress = found?.includes('://') === true;
  if (isAddress && !(URL.canParse(found) && isSafe(new URL(found))))
    refuse(name, 'a file, or a URL that begins with https:// (http:// on this machine only)');
  return found;
};

const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));

const claimsIn = ({ text, refuse }: Reading, name: string): ClaimNames => {
  const pairs = (text(name) ?? '')
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('=').map((part) => part.trim()));
  const isRight = ([what = '', claim = '', ...more]: readonly string[]): boolean =>
    Object.hasOwn(CLAIM_NAMES, what) && claim !== '' && more.length === 0;
  if (pairs.every(isRight)) return { ...CLAIM_NAMES, ...(Object.fromEntries(pairs) as Partial<ClaimNames>) };
  refuse(name, 'names of claims such as roles=realm_access.roles,tenant=org');
  return CLAIM_NAMES;
};

/** Whether an address is one of this machine, which nobody else reaches. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

/** Whether an address is among some that are given by themselves or as networks. */
export const among = (networks: readonly string[]): ((address: string | undefined) => boolean) => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address = '') => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
    return isIP(plain) !== 0 && list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  };
};

const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/');
  const widest = { 4: 32, 6: 128 }[isIP(address)];
  if (widest === undefined || more.length > 0) return false;
  return bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= widest);
};

const proxiesIn = ({ text, refuse }: Reading, name: string): readonly string[] => {
  const found = (text(name) ?? '').split(/[\s,]+/).filter((part) => part !== '');
  if (found.every(isNetwork)) return found;
  refuse(name, 'addresses or networks such as 10.0.0.7, 10.0.0.0/8');
  return [];
};

/** Reads whom the server takes requests from, and sees to it that only this machine reaches one that asks nobody. */
export const readAccess = (reading: Reading, host: string): AccessConfig => {
  const { text, refuse } = reading;
  const secret = secretIn(reading, 'SAGALOG_JWT_SECRET');
  const keys = keysIn(reading, 'SAGALOG_JWT_KEYS');
  const issuer = text('SAGALOG_JWT_ISSUER');
  const audience = text('SAGALOG_JWT_AUDIENCE');
  const tolerance = reading.duration('SAGALOG_JWT_TOLERANCE', '5s', '0s', '5m');
  const claims = claimsIn(reading, 'SAGALOG_JWT_CLAIMS');
  const adminKey = secretIn(reading, 'SAGALOG_ADMIN_KEY');
  // It is sent in a header, behind a space.
  if (adminKey !== undefined && !/^[\x21-\x7e]*$/.test(adminKey))
    reading.hide(
      'SAGALOG_ADMIN_KEY',
      `at least ${LEAST} characters that nobody can guess, of ASCII and without spaces`,
    );
  const takesTokens = secret !== undefined || keys !== undefined;
  if (!takesTokens && (issuer !== undefined || audience !== undefined))
    refuse('SAGALOG_JWT_KEYS', 'where the keys are that tokens are signed by, or SAGALOG_JWT_SECRET');
  if (!takesTokens && adminKey === undefined && !isLoopback(host))
    refuse(
      'HOST',
      'an address of this machine alone (127.0.0.1) for a server that asks nobody who they are; set SAGALOG_JWT_KEYS, SAGALOG_JWT_SECRET or SAGALOG_ADMIN_KEY for one that others reach',
    );
  return Object.freeze({
    jwt: takesTokens ? { secret, keys, issuer, audience, tolerance, claims } : undefined,
    adminKey,
    trustedProxies: proxiesIn(reading, 'SAGALOG_TRUSTED_PROXIES'),
  });
};
