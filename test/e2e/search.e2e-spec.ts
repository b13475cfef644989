import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi, type ServedApi } from './served-api.ts';
import { endOf, register } from './workflows.ts';

const ORDER = `
workflow: order
variables: { stage: new }
search: { customer: '\${input.customer}', amount: '\${input.amount}', stage: '\${workflow.stage}' }
tags: [orders]
activities:
  - name: mark
    set: { variables: { stage: done } }
`;

interface Started {
  readonly startExecution: { readonly executionId: string };
}

describe('what executions are found by', () => {
  let api: ServedApi;
  let end = '0';
  const ids: string[] = [];

  beforeAll(async () => {
    api = await serveApi();
    await register(api, ORDER);
    for (const [customer, amount, tags] of [
      ['acme', 10, ['vip']],
      ['acme', 250.5, null],
      ['bolt', 99, ['vip', 'late']],
    ]) {
      const { startExecution } = await api.query<Started>(
        `mutation ($input: JSON, $tags: [String!]) {
          startExecution(workflow: "order", input: $input, tags: $tags) { executionId }
        }`,
        { input: { customer, amount }, tags },
      );
      ids.push(startExecution.executionId);
    }
    const ends = await Promise.all(ids.map((id) => endOf(api, id)));
    // Which of them ends last is nobody's promise.
    end = String(ends.map(BigInt).reduce((last, one) => (one > last ? one : last)));
  });

  afterAll(() => api.close());

  it.each([
    ['tags: ["vip"]', [0, 2]],
    ['tags: ["vip", "late"]', [2]],
    ['tags: ["orders"]', [0, 1, 2]],
    ['tags: ["nobody"]', []],
    ['search: [{ name: "customer", eq: "acme" }]', [0, 1]],
    ['search: [{ name: "customer", in: ["bolt", "acme"] }]', [0, 1, 2]],
    ['search: [{ name: "customer", prefix: "b" }]', [2]],
    ['search: [{ name: "amount", from: 50 }]', [1, 2]],
    ['search: [{ name: "amount", from: 50, before: 100 }, { name: "customer", eq: "bolt" }]', [2]],
    ['search: [{ name: "stage", eq: "done" }]', [0, 1, 2]],
    ['search: [{ name: "stage", eq: "new" }]', []],
  ] as const)('finds them by %s', async (filter, expected) => {
    const { executions } = await api.query<{ executions: { nodes: { id: string }[]; totalCount: string } }>(
      `query ($waitFor: Position) {
        executions(filter: { ${filter} }, orderBy: STARTED_AT_ASC, waitFor: $waitFor) { nodes { id } totalCount }
      }`,
      { waitFor: end },
    );
    expect(executions.nodes.map(({ id }) => id)).toEqual(expected.map((n) => ids[n]));
    expect(executions.totalCount).toBe(String(expected.length));
  });

  it('is told of each', async () => {
    const { execution } = await api.query<{ execution: object }>(
      'query ($id: ID!, $waitFor: Position) { execution(id: $id, waitFor: $waitFor) { search tags tenant } }',
      { id: ids[2], waitFor: end },
    );
    expect(execution).toEqual({
      search: { customer: 'bolt', amount: 99, stage: 'done' },
      tags: ['vip', 'late', 'orders'],
      tenant: 'default',
    });
  });

  it('says what is wrong with a filter', async () => {
    const [error] = await api.refusal(
      '{ executions(filter: { search: [{ name: "a", from: 1, before: "b" }] }) { nodes { id } } }',
    );
    expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'filter.search[0].before' });
  });
});
