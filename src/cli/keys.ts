import { parseArgs } from 'node:util';
import { parseDuration } from '../domain/duration.ts';
import { connectApi, type Api } from './demo/api.ts';
import { tableOf } from './demo/table.ts';
import { Misunderstood } from './misunderstood.ts';
import { urlOf } from './following.ts';

/** How the command is given. */
export const usage = `Usage: sagalog keys create <name> --role <viewer|operator|author|admin>… [--workflow <name>…] [--tag <tag>…]
                                  [--tenant <name>] [--expires <90d|2027-01-31T00:00:00Z>]
       sagalog keys list [--tenant <name>]
       sagalog keys revoke <id> [--reason <text>]
       each with [--url http://127.0.0.1:4000], as whoever SAGALOG_TOKEN says
`;

const CREATE = `mutation ($name: String!, $roles: [ApiKeyRoleInput!]!, $tenant: String, $expiresAt: DateTime) {
  createApiKey(name: $name, roles: $roles, tenant: $tenant, expiresAt: $expiresAt) { id key } }`;

const LIST = `query ($tenant: String, $after: String) {
  apiKeys(first: 100, after: $after, tenant: $tenant) {
    nodes { id name tenant roles { role workflows tags } createdAt expiresAt lastUsedAt revocation { at } }
    pageInfo { hasNextPage endCursor } } }`;

const REVOKE = `mutation ($id: ID!, $reason: String) { revokeApiKey(id: $id, reason: $reason) { changed } }`;

/** A key, as the API tells it. */
export interface ListedKey {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly roles: readonly {
    readonly role: string;
    readonly workflows: readonly string[] | null;
    readonly tags: readonly string[] | null;
  }[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly revocation: { readonly at: string } | null;
}

interface ListedPage {
  readonly apiKeys: {
    readonly nodes: readonly ListedKey[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const roleText = ({ role, workflows, tags }: ListedKey['roles'][number]): string => {
  const limits = [...(workflows ?? []), ...(tags ?? []).map((tag) => `#${tag}`)];
  return `${role.toLowerCase()}${workflows === null && tags === null ? '' : ` (${limits.join(', ')})`}`;
};

/** How long a key counts, in words; `now` is ms since the Unix epoch. */
const countsUntil = ({ revocation, expiresAt }: ListedKey, now: number): string => {
  if (revocation !== null) return `revoked ${revocation.at}`;
  if (expiresAt === null) return 'revoked';
  return Date.parse(expiresAt) > now ? expiresAt : `expired ${expiresAt}`;
};

/** Keys as a table, by the clock of whoever looks (ms since the Unix epoch). */
export const keysTable = (keys: readonly ListedKey[], now: number): string => {
  const rows = keys.map((key) => [
    key.id,
    key.name,
    key.tenant,
    key.roles.map(roleText).join(', '),
    countsUntil(key, now),
    key.lastUsedAt ?? '',
  ]);
  return tableOf([['id', 'name', 'tenant', 'roles', 'until', 'last used'], ...rows], []);
};

/** The time that is meant by a time, or by how long it is until then. Throws a `TypeError` for what is neither. */
export const expiryOf = (text: string, now: number): string => {
  const wait = parseDuration(text);
  const at = wait === undefined ? Date.parse(text) : now + wait;
  if (Number.isNaN(at))
    throw new TypeError(`Expected a duration or a time, but found ${JSON.stringify(text)}.`);
  return new Date(at).toISOString();
};

const list = async (api: Api, tenant: string | undefined): Promise<void> => {
  const keys: ListedKey[] = [];
  for (let after: string | null = null; ;) {
    const { apiKeys }: ListedPage = await api.query(LIST, { tenant: tenant ?? null, after });
    keys.push(...apiKeys.nodes);
    after = apiKeys.pageInfo.endCursor;
    if (!apiKeys.pageInfo.hasNextPage) break;
  }
  process.stdout.write(`${keysTable(keys, Date.now())}\n`);
};

const create = async (api: Api, variables: Readonly<Record<string, unknown>>): Promise<void> => {
  const { createApiKey } = await api.query<{ createApiKey: { id: string; key: string } }>(CREATE, variables);
  // Alone, for whoever puts it away by a program.
  process.stdout.write(`${createApiKey.key}\n`);
  process.stderr.write(`That is the key ${createApiKey.id}; it cannot be shown again.\n`);
};

const revoke = async (api: Api, id: string, reason: string | undefined): Promise<void> => {
  const { revokeApiKey } = await api.query<{ revokeApiKey: { changed: boolean } }>(REVOKE, {
    id,
    reason: reason ?? null,
  });
  process.stdout.write(`${id} is revoked${revokeApiKey.changed ? '' : ', as it was before'}\n`);
};

/** Makes, lists and revokes keys. Rejects as the API does. */
export const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      role: { type: 'string', multiple: true, default: [] },
      workflow: { type: 'string', multiple: true },
      tag: { type: 'string', multiple: true },
      tenant: { type: 'string' },
      expires: { type: 'string' },
      reason: { type: 'string' },
    },
  });
  const [what, named] = positionals;
  const { role: roles, workflow: workflows = null, tag: tags = null, tenant, expires, reason } = values;
  const isCreated = what === 'create' && named !== undefined && roles.length > 0;
  if (!isCreated && what !== 'list' && !(what === 'revoke' && named !== undefined))
    throw new Misunderstood(
      'Expected create with a name and a --role, list, or revoke with the id of a key.',
    );
  const api = connectApi(urlOf(values.url));
  try {
    if (isCreated)
      await create(api, {
        name: named,
        roles: roles.map((role) => ({ role: role.toUpperCase(), workflows, tags })),
        tenant: tenant ?? null,
        expiresAt: expires === undefined ? null : expiryOf(expires, Date.now()),
      });
    else if (what === 'list') await list(api, tenant);
    else await revoke(api, named ?? '', reason);
  } finally {
    await api.close();
  }
};
