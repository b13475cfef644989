import { isInputObjectType, isObjectType, type GraphQLSchema } from 'graphql';
import { createRandom, type Random } from '../simulation/random.ts';
import { heavy, mangled, misnamed } from './broken.ts';
import { createWriter, type Operation, type Root } from './documents.ts';
import { hostile, jsonOf } from './hostile.ts';
import type { Known } from './values.ts';

/** How an operation is made. */
export type Kind = 'valid' | 'hostile' | 'mangled' | 'misnamed' | 'heavy' | 'request' | 'subscription';

/** What is sent. */
export interface Sent {
  readonly kind: Kind;
  /** Who sends it, by their place in a list. */
  readonly caller: number;
  readonly method: string;
  /** Behind the path. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** It goes over a socket, where it is one message. */
  readonly bySocket: boolean;
}

const SHARES: readonly (readonly [kind: Kind, share: number])[] = [
  ['valid', 30],
  ['hostile', 32],
  ['mangled', 8],
  ['misnamed', 8],
  ['heavy', 6],
  ['request', 8],
  ['subscription', 8],
];

const kindOf = (random: Random): Kind => {
  let left = random.int(1, 100);
  for (const [kind, share] of SHARES) if ((left -= share) <= 0) return kind;
  return 'valid';
};

/** Every name that stands in a schema. */
const namesOf = (schema: GraphQLSchema): readonly string[] =>
  Object.values(schema.getTypeMap()).flatMap((type) => [
    type.name,
    ...(isObjectType(type) || isInputObjectType(type) ? Object.keys(type.getFields()) : []),
  ]);

const JSON_TYPE = { 'content-type': 'application/json' };

const posted = (operation: object): Pick<Sent, 'method' | 'search' | 'headers' | 'body'> => ({
  method: 'POST',
  search: '',
  headers: JSON_TYPE,
  body: jsonOf(operation),
});

const TYPES = [
  'application/json',
  'text/plain',
  'application/graphql',
  'multipart/form-data',
  'a',
  'application/json; charset=utf-7',
];
const ACCEPTED = [
  '*/*',
  'application/json',
  'application/graphql-response+json',
  'text/html',
  'image/png',
  'multipart/mixed',
  '',
];

/** A request whose form is wrong, mostly. */
const misshapen = (
  operation: Operation,
  random: Random,
): Pick<Sent, 'method' | 'search' | 'headers' | 'body'> => {
  const odd = {
    ...operation,
    [random.pick(['query', 'variables', 'operationName', 'extensions', 'id'])]: hostile(random),
  };
  const text = jsonOf(random.chance(0.6) ? odd : random.pick([[odd, operation], [], [[]], hostile(random)]));
  const { query, variables } = operation;
  const given = random.chance(0.3) ? text : jsonOf(variables);
  const get = { query, variables: random.chance(0.3) ? given.slice(1) : given };
  const headers = { accept: random.pick(ACCEPTED), 'last-event-id': random.pick(['0', 'x', '9'.repeat(30)]) };
  if (random.chance(0.3))
    return { method: 'GET', search: `?${new URLSearchParams(get)}`, headers, body: undefined };
  return {
    method: random.chance(0.9) ? 'POST' : random.pick(['PUT', 'DELETE', 'OPTIONS', 'PATCH']),
    search: random.chance(0.1) ? `?${new URLSearchParams({ query: '{ nodes { name } }' })}` : '',
    headers: { ...headers, 'content-type': random.chance(0.7) ? 'application/json' : random.pick(TYPES) },
    body: random.chance(0.2) ? text.slice(0, random.int(0, text.length)) : text,
  };
};

const hostilityOf = (kind: Kind, random: Random): number => {
  if (kind === 'hostile') return random.pick([0.1, 0.3]);
  return kind === 'subscription' && random.chance(0.4) ? 0.2 : 0;
};

/** Makes the n-th request of a seed; the same for the same seed, schema and what is known. */
export const createRequests = (schema: GraphQLSchema, known: Known, seed: number, callers: number) => {
  const names = namesOf(schema);
  const rootOf = (kind: Kind, random: Random): Root => {
    if (kind === 'subscription') return 'subscription';
    return random.chance(0.65) ? 'query' : 'mutation';
  };
  return (n: number): Sent => {
    const random = createRandom(`${seed}/${n}`);
    const kind = kindOf(random);
    const values = { random, known, hostility: hostilityOf(kind, random) };
    const operation = createWriter(schema, values).write(rootOf(kind, random));
    const made: Readonly<Record<Kind, () => Operation>> = {
      valid: () => operation,
      hostile: () => operation,
      request: () => operation,
      subscription: () => operation,
      mangled: () => mangled(operation, random),
      misnamed: () => misnamed(operation, names, random),
      heavy: () => heavy(random),
    };
    const caller = random.int(0, callers - 1);
    const bySocket = kind === 'subscription' || (kind !== 'request' && random.chance(0.1));
    const sent = kind === 'request' ? misshapen(operation, random) : posted(made[kind]());
    return { kind, caller, bySocket, ...sent };
  };
};
