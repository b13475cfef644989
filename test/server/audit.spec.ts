import { describe, expect, it } from 'vitest';
import { SECRET, tokenOf } from '../access/tokens.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { openStream, answersOf } from '../graphql/sse.ts';
import { openServer, type OpenServer } from './open-server.ts';

const ENV = { SAGALOG_JWT_SECRET: SECRET, SAGALOG_TRUSTED_PROXIES: '127.0.0.1,::1' };

const definition = (name: string, audit: string): string =>
  `execution: { workflow: ${name}, ${audit}activities: [{ name: hold, wait: { signal: go } }] }`;

type Entry = Readonly<Record<string, unknown>>;

const LOG = `query ($filter: AuditFilter, $first: Int!, $after: String) { auditLog(filter: $filter, first: $first, after: $after) {
  nodes { kind operation target workflow what actor via tenant times requestId address reason }
  pageInfo { hasNextPage endCursor } } }`;

interface LogPage {
  readonly nodes: readonly Entry[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const asked = async (server: OpenServer, token: string, query: string, variables: object = {}) => {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
    'x-forwarded-for': '203.0.113.9',
    'x-workflow-reason': 'a ticket',
  };
  const body = JSON.stringify({ query, variables });
  const answer = await fetch(server.url, { method: 'POST', headers, body });
  return (await answer.json()) as { readonly data?: unknown; readonly errors?: readonly Entry[] };
};

/** A server of which somebody has the same token for all they ask. */
const asking = (server: OpenServer, token: string) => {
  const ask = async <T>(query: string, variables: object = {}): Promise<T> => {
    const { data, errors } = await asked(server, token, query, variables);
    expect(errors).toBeUndefined();
    return data as T;
  };
  const log = async (filter: object = {}, first = 100, after: string | null = null): Promise<LogPage> =>
    (await ask<{ auditLog: LogPage }>(LOG, { filter, first, after })).auditLog;
  return { ask, log };
};

const start = async (ask: ReturnType<typeof asking>['ask'], workflow: string): Promise<string> => {
  const { startExecution } = await ask<{ startExecution: { executionId: string } }>(
    'mutation ($workflow: String!) { startExecution(workflow: $workflow, input: { who: 1 }) { executionId } }',
    { workflow },
  );
  return startExecution.executionId;
};

const register = async (ask: ReturnType<typeof asking>['ask'], source: string): Promise<void> => {
  await ask('mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }', { source });
};

const EVENTS = 'query ($id: ID!) { events(executionId: $id) { nodes { type } } }';
const INPUT = 'query ($id: ID!) { execution(id: $id) { input variables } }';

describe('the audit log of a server', () => {
  it('has what admins of a tenant may see: who did and read what, from where and why', async () => {
    const folder = temporaryFolder();
    const server = await openServer({}, folder, ENV);
    const admin = await tokenOf({ roles: ['admin'], sub: 'ada' });
    const ada = asking(server, admin);
    const bob = asking(server, await tokenOf({ roles: ['operator'], sub: 'bob' }));
    const eve = asking(server, await tokenOf({ roles: ['admin'], sub: 'eve', tenant: 'acme' }));
    await register(ada.ask, definition('usual', ''));
    await register(ada.ask, definition('secret', 'audit: { reads: payloads }, '));
    await register(ada.ask, definition('open', 'audit: { reads: none }, '));
    const ids = new Map<string, string>();
    for (const workflow of ['usual', 'secret', 'open']) {
      const id = await start(bob.ask, workflow);
      ids.set(workflow, id);
      await expect
        .poll(async () => (await bob.ask<{ execution: unknown }>(INPUT, { id })).execution)
        .not.toBeNull();
      await bob.ask(EVENTS, { id });
    }
    await start(eve.ask, 'usual');
    const headers = { authorization: `Bearer ${admin}` };
    const stream = answersOf(
      await openStream(server.url, 'subscription { events(after: "0") { type } }', { headers }),
    );
    expect((await stream.next()).value?.errors).toBeUndefined();
    // An export is on record before its first event; what was noted before it, with it.
    const read = { kind: 'READ', via: 'jwt', tenant: 'default', actor: 'bob', address: '203.0.113.9' };
    await expect.poll(async () => (await ada.log({ kind: 'READ' })).nodes.length).toBe(4);
    const { nodes } = await ada.log({ kind: 'READ' });
    expect(nodes.filter(({ actor }) => actor === 'bob')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...read, what: 'HISTORY', operation: 'events', target: ids.get('usual') }),
        expect.objectContaining({ ...read, what: 'HISTORY', target: ids.get('secret'), reason: 'a ticket' }),
        expect.objectContaining({
          ...read,
          what: 'PAYLOADS',
          operation: 'execution',
          target: ids.get('secret'),
        }),
      ]),
    );
    expect(nodes.find(({ actor }) => actor === 'ada')).toMatchObject({
      what: 'EXPORT',
      target: '',
      times: 1,
    });
    expect(nodes.map(({ target }) => target)).not.toContain(ids.get('open'));

    const commands = await ada.log({ kind: 'COMMAND', operation: 'startExecution', actor: 'bob' });
    expect(commands.nodes.map(({ target }) => target)).toEqual([...ids.values()].toReversed());
    expect(commands.nodes[0]).toMatchObject({ reason: 'a ticket', workflow: 'open', tenant: 'default' });
    expect((await ada.log({ target: 'secret' })).nodes).toMatchObject([{ operation: 'registerWorkflow' }]);
    const pages: unknown[] = [];
    for (let after: string | null = null; ;) {
      const page: LogPage = await ada.log({}, 3, after);
      pages.push(...page.nodes);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(pages).toEqual((await ada.log()).nodes);
    expect((await ada.log({ to: '2020-01-01T00:00:00Z' })).nodes).toEqual([]);

    for (const dryRun of [true, false])
      await ada.ask(`mutation { rebuildProjection(name: "active", dryRun: ${dryRun}) { position } }`);
    const rebuilt = { operation: 'rebuildProjection' };
    await expect
      .poll(async () => (await ada.log(rebuilt)).nodes)
      .toMatchObject([{ kind: 'COMMAND', actor: 'ada', target: 'active', reason: 'a ticket', times: 1 }]);

    expect((await eve.log()).nodes).toMatchObject([{ actor: 'eve', tenant: 'acme' }]);
    const refused = await asked(server, await tokenOf({ roles: ['author'] }), LOG, { first: 1 });
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);

    await bob.ask(EVENTS, { id: ids.get('usual') });
    await server.close();
    const again = await openServer({}, folder, ENV);
    const later = asking(again, admin);
    await expect.poll(async () => (await later.log({ kind: 'READ', actor: 'bob' })).nodes.length).toBe(4);
    const { verifyAudit } = await later.ask<{ verifyAudit: readonly Entry[] }>(
      'query ($from: DateTime!) { verifyAudit(from: $from) { ok events problem } }',
      { from: new Date(Date.now() - 86_400_000).toISOString() },
    );
    expect(verifyAudit.map(({ ok, problem }) => [ok, problem])).toEqual(verifyAudit.map(() => [true, null]));
    expect(verifyAudit.length).toBeGreaterThan(0);
  });

  it('has whoever waited at a route for what an execution came to', async () => {
    const server = await openServer({}, temporaryFolder(), ENV);
    const admin = await tokenOf({ roles: ['admin'], sub: 'ada' });
    const ada = asking(server, admin);
    const set = 'activities: [{ name: note, set: { variables: { noted: 1 } } }]';
    for (const reads of ['payloads', 'history']) {
      const trigger = `trigger: { http: { method: POST, path: /${reads} } }`;
      await register(
        ada.ask,
        `execution: { workflow: ${reads}, audit: { reads: ${reads} }, ${trigger}, ${set} }`,
      );
    }
    const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' };
    const ids: string[] = [];
    for (const path of ['/history?wait', '/payloads', '/payloads?wait']) {
      const answer = await fetch(new URL(path, server.url), { method: 'POST', headers, body: '{}' });
      ids.push(((await answer.json()) as { readonly executionId: string }).executionId);
    }
    await expect.poll(async () => (await ada.log({ kind: 'READ' })).nodes).not.toEqual([]);
    expect((await ada.log({ kind: 'READ' })).nodes).toMatchObject([
      { what: 'PAYLOADS', operation: '<route of a trigger>', target: ids[2], actor: 'ada', times: 1 },
    ]);
  });

  it('has whoever is told by a decision that came too late who had decided', async () => {
    const server = await openServer({}, temporaryFolder(), ENV);
    const ada = asking(server, await tokenOf({ roles: ['admin'], sub: 'ada' }));
    const bob = asking(server, await tokenOf({ roles: ['operator'], sub: 'bob' }));
    await register(
      ada.ask,
      'execution: { workflow: offer, audit: { reads: payloads }, activities: [{ name: sign, approval: { assignees: ada } }] }',
    );
    const id = await start(bob.ask, 'offer');
    const decide = `mutation ($id: ID!) { decideApproval(executionId: $id, step: "sign", decision: APPROVED) {
      __typename ... on ApprovalAlreadyDecided { by decision } } }`;
    await expect
      .poll(
        async () =>
          (await asked(server, await tokenOf({ roles: ['admin'], sub: 'ada' }), decide, { id })).data,
      )
      .toEqual({ decideApproval: { __typename: 'ApprovalDecided' } });
    expect(await bob.ask(decide, { id })).toEqual({
      decideApproval: { __typename: 'ApprovalAlreadyDecided', by: 'ada', decision: 'APPROVED' },
    });
    await expect
      .poll(async () => (await ada.log({ kind: 'READ' })).nodes)
      .toMatchObject([{ what: 'PAYLOADS', operation: 'decideApproval', target: id, actor: 'bob' }]);
  });
});
