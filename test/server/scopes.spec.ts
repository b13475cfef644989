import { beforeEach, describe, expect, it } from 'vitest';
import { openTenants, type Started, type Tenants } from './tenants/open-tenants.ts';

const LIST = '{ executions(orderBy: STARTED_AT_ASC) { nodes { id workflow } totalCount totalIsExact } }';
const PAUSE = 'mutation ($id: ID!) { pauseExecution(executionId: $id) { changed } }';
const NESTED =
  'query ($id: ID!) { timeline(executionId: $id) { nodes { childExecution { workflow timeline { nodes { step } } } } } }';
const CHILDREN = 'query ($id: ID!) { execution(id: $id) { children { nodes { workflow } totalCount } } }';

describe('whoever is limited to some executions', () => {
  let tenants: Tenants;
  let [red, blue]: readonly Started[] = [];

  const listed = async (claims: object) => {
    const { body, text } = await (await tenants.as({ ...claims })).ask(LIST);
    if (text.includes('errors')) throw new Error(text);
    const { executions } = body['data'] as {
      executions: {
        nodes: readonly { id: string; workflow: string }[];
        totalCount: string;
        totalIsExact: boolean;
      };
    };
    return executions;
  };

  const paused = async (claims: object, id: string | undefined): Promise<string> => {
    const { text } = await (await tenants.as({ ...claims })).ask(PAUSE, { id });
    return /"code":"(\w+)"/.exec(text)?.[1] ?? 'OK';
  };

  beforeEach(async () => {
    tenants = await openTenants();
    red = await tenants.start(await tenants.as({ tenant: 'acme' }), 'red');
    blue = await tenants.start(tenants.admin, 'blue');
  });

  it('sees and counts those alone: of a workflow, of a tag, of their tenant', async () => {
    const parts = await listed({ tenant: 'acme', workflows: ['parts'] });
    expect(parts).toEqual({
      nodes: [{ id: expect.any(String) as string, workflow: 'parts' }],
      totalCount: '1',
      totalIsExact: true,
    });
    for (const tags of [['of-red'], ['of-red', 'of-blue']]) {
      const { nodes, totalCount } = await listed({ tenant: 'acme', tags });
      expect(nodes.map(({ id }) => id)).toEqual([red?.id]);
      expect(totalCount).toBe('1');
    }
    expect(await listed({ tags: ['of-red'] })).toMatchObject({ nodes: [], totalCount: '0' });
    for (const tenant of ['acme', 'default']) expect((await listed({ tenant })).totalCount).toBe('2');
    expect((await listed({ tenant: 'beta' })).totalCount).toBe('0');
    // Nor children beyond that.
    const somebody = await tenants.as({ tenant: 'acme', workflows: ['orders'] });
    const { body } = await somebody.ask(CHILDREN, { id: red?.id });
    expect(body).toMatchObject({ data: { execution: { children: { nodes: [], totalCount: '0' } } } });
    const all = await (await tenants.as({ tenant: 'acme' })).ask(CHILDREN, { id: red?.id });
    expect(all.body).toMatchObject({ data: { execution: { children: { totalCount: '1' } } } });
    // And no timelines of those, where others have them within their parent's.
    const nested = { tenant: 'acme', roles: ['viewer'] };
    const [some, whole] = await Promise.all(
      [{ ...nested, workflows: ['orders'] }, nested].map(async (claims) =>
        (await tenants.as(claims)).ask(NESTED, { id: red?.id }),
      ),
    );
    expect([some?.text.includes('note'), some?.text.includes('errors')]).toEqual([false, false]);
    expect(whole?.text).toContain(
      '{"workflow":"parts","timeline":{"nodes":[{"step":null},{"step":"note"}]}}',
    );
  });

  it('operates those, and others are to them as if they were not there', async () => {
    const acme = { tenant: 'acme' };
    expect(await paused({ ...acme, roles: [{ role: 'operator', workflows: ['parts'] }] }, red?.id)).toBe(
      'EXECUTION_NOT_FOUND',
    );
    expect(await paused({ ...acme, roles: [{ role: 'operator', tags: ['of-blue'] }] }, red?.id)).toBe(
      'EXECUTION_NOT_FOUND',
    );
    expect(await paused({ ...acme, roles: ['viewer'] }, red?.id)).toBe('FORBIDDEN');
    expect(await paused({ ...acme, roles: [{ role: 'operator', tags: ['of-red'] }] }, blue?.id)).toBe(
      'EXECUTION_NOT_FOUND',
    );
    expect(await paused({ ...acme, roles: [{ role: 'operator', tags: ['of-red'] }] }, red?.id)).toBe('OK');
    // Keys are those of a tenant: the same one starts another execution.
    const start = `mutation { startExecution(workflow: "parts", input: { who: "x" }, idempotencyKey: "once") { created executionId } }`;
    const answers = await Promise.all(
      ['acme', 'beta', 'default'].map(async (tenant) => (await tenants.as({ tenant })).ask(start)),
    );
    const ids = answers.map(({ text }) => /"executionId":"([^"]+)"/.exec(text)?.[1]);
    expect(new Set(ids).size).toBe(3);
    for (const { text } of answers) expect(text).toContain('"created":true');
  });
});
