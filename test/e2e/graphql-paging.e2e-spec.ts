import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi, type ServedApi } from './served-api.ts';
import { APPROVED, BROKEN, endOf, PARCEL, register, start } from './workflows.ts';

interface Page {
  readonly list: {
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
    readonly nodes: readonly { readonly id: string }[];
    readonly pageInfo: {
      readonly hasNextPage: boolean;
      readonly hasPreviousPage: boolean;
      readonly startCursor: string | null;
      readonly endCursor: string | null;
    };
  };
}

const FIELDS =
  'edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

describe('pages', () => {
  let api: ServedApi;
  const ids: string[] = [];
  let end = '0';

  beforeAll(async () => {
    api = await serveApi();
    await register(api, APPROVED, PARCEL, BROKEN);
    let position = '0';
    for (let number = 0; number < 25; number += 1) {
      const started = await start(api, number % 5 === 0 ? 'broken' : 'approved_delivery', { order: number });
      ids.push(started.executionId);
      position = number % 5 === 0 ? await endOf(api, started.executionId) : started.position;
    }
    end = position;
    await api.query(
      `query ($id: ID!, $waitFor: Position) {
        executions(waitFor: $waitFor) { nodes { id } }
        timeline(executionId: $id, waitFor: $waitFor) { nodes { id } }
        workflows(waitFor: $waitFor) { nodes { name } }
      }`,
      { id: ids[0], waitFor: position },
    );
  });

  afterAll(() => api.close());

  const page = async (argument: string, after?: string | null): Promise<Page['list']> => {
    const { list } = await api.query<Page>(
      `query ($after: String) { list: executions(${argument}, after: $after) { ${FIELDS} } }`,
      { after },
    );
    return list;
  };

  const walk = async (argument: string): Promise<readonly (readonly string[])[]> => {
    const pages: (readonly string[])[] = [];
    for (let after: string | null | undefined; ;) {
      const { nodes, edges, pageInfo } = await page(argument, after);
      expect(edges.map(({ node }) => node)).toEqual(nodes);
      expect(pageInfo.hasPreviousPage).toBe(after != null);
      expect(pageInfo.startCursor).toBe(edges[0]?.cursor ?? null);
      expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
      pages.push(nodes.map(({ id }) => id));
      if (!pageInfo.hasNextPage) return pages;
      after = pageInfo.endCursor;
    }
  };

  it.each([
    ['STARTED_AT_ASC', 7, [7, 7, 7, 4]],
    ['STARTED_AT_DESC', 7, [7, 7, 7, 4]],
    ['STARTED_AT_ASC', 5, [5, 5, 5, 5, 5]],
    ['STARTED_AT_DESC', 25, [25]],
    ['STARTED_AT_DESC', 100, [25]],
  ])('in the order %s, %i at a time, have every execution once', async (order, first, sizes) => {
    const pages = await walk(`orderBy: ${order}, first: ${first}`);
    expect(pages.map(({ length }) => length)).toEqual(sizes);
    expect(pages.flat()).toEqual(order === 'STARTED_AT_ASC' ? ids : ids.toReversed());
  });

  it.each(['ENDED_AT', 'DURATION', 'WORKFLOW', 'STATUS'])(
    'in the order %s have every execution once, one way and the other',
    async (order) => {
      const forward = (await walk(`orderBy: ${order}_ASC, first: 7`)).flat();
      expect(forward.toSorted()).toEqual(ids.toSorted());
      expect((await walk(`orderBy: ${order}_DESC, first: 4`)).flat()).toEqual(forward.toReversed());
    },
  );

  it.each([
    ['', 25],
    ['filter: { workflow: "broken" }', 5],
    ['filter: { workflow: "broken", status: [FAILED] }', 5],
    ['filter: { workflow: "broken", status: [RUNNING] }', 0],
    ['filter: { errorText: "no such words" }', 25],
    ['filter: { workflow: "broken", version: 1 }', 5],
    ['filter: { trigger: "manual", triggeredBy: USER, tenant: "default" }', 25],
  ])('say how many there are on all of them: %s', async (filter, totalCount) => {
    const { executions } = await api.query<{ executions: object }>(
      `query ($waitFor: Position) {
        executions(first: 2, waitFor: $waitFor, ${filter}) { totalCount totalIsExact }
      }`,
      { waitFor: end },
    );
    expect(executions).toEqual({
      totalCount: String(totalCount),
      totalIsExact: !filter.includes('errorText'),
    });
  });

  it('of a filtered list have what it wants alone', async () => {
    const broken = ids.filter((_, number) => number % 5 === 0);
    expect((await walk('filter: { status: [FAILED] }, orderBy: STARTED_AT_ASC, first: 2')).flat()).toEqual(
      broken,
    );
    expect((await walk('filter: { workflow: "broken", status: [RUNNING] }, first: 2')).flat()).toEqual([]);
    expect((await walk('filter: { workflow: "approved_delivery" }, first: 3')).flat()).toHaveLength(20);
  });

  it('go on where they were when more is started meanwhile', async () => {
    const before = await page('first: 10');
    const { position } = await start(api, 'approved_delivery', {});
    await api.query('query ($waitFor: Position) { executions(waitFor: $waitFor) { nodes { id } } }', {
      waitFor: position,
    });
    const after = await page('first: 10', before.pageInfo.endCursor);
    const all = ids.toReversed();
    expect(before.nodes.map(({ id }) => id)).toEqual(all.slice(0, 10));
    expect(after.nodes.map(({ id }) => id)).toEqual(all.slice(10, 20));
  });

  it('take no cursor of another list or order', async () => {
    const { pageInfo } = await page('orderBy: STARTED_AT_ASC, first: 1');
    for (const list of ['executions', 'workflows', `timeline(executionId: "${ids[0]}")`]) {
      const [error] = await api.refusal(
        `query ($after: String) { ${list.includes('(') ? list.replace(')', ', after: $after)') : `${list}(after: $after)`} { pageInfo { hasNextPage } } }`,
        { after: pageInfo.endCursor },
      );
      expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
    }
  });

  it('of a history and of a timeline have every entry once', async () => {
    const id = ids[0] ?? '';
    for (const [list, field] of [
      ['events', 'revision'],
      ['timeline', 'sequence'],
    ] as const) {
      const seen: number[] = [];
      for (let after: string | null = null, more = true; more;) {
        const query: string = `query ($id: ID!, $after: String) {
          list: ${list}(executionId: $id, first: 1, after: $after) {
            nodes { place: ${field} } pageInfo { hasNextPage endCursor }
          }
        }`;
        const { list: found }: { list: { nodes: { place: number }[]; pageInfo: Page['list']['pageInfo'] } } =
          await api.query(query, { id, after });
        seen.push(...found.nodes.map(({ place }) => place));
        ({ endCursor: after, hasNextPage: more } = found.pageInfo);
      }
      expect(seen.length).toBeGreaterThan(1);
      expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b));
    }
  });

  it('of workflows come by name', async () => {
    const { workflows } = await api.query<{ workflows: { nodes: { name: string }[] } }>(
      '{ workflows(first: 2) { nodes { name } pageInfo { hasNextPage } } }',
    );
    expect(workflows).toEqual({
      nodes: [{ name: 'approved_delivery' }, { name: 'broken' }],
      pageInfo: { hasNextPage: true },
    });
  });
});
