import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi, type ServedApi } from './served-api.ts';
import { PARCEL, register } from './workflows.ts';

describe('the API refuses', () => {
  let api: ServedApi;

  beforeAll(async () => {
    api = await serveApi();
    await register(api, PARCEL);
  });

  afterAll(() => api.close());

  it.each([
    [
      'mutation { startExecution(workflow: "nobody") { position } }',
      'WORKFLOW_NOT_FOUND',
      'workflow',
      'nobody',
    ],
    ['{ monitoring(workflow: "nobody") { position } }', 'WORKFLOW_NOT_FOUND', 'workflow', 'nobody'],
    ['{ metrics(workflow: "nobody") { count } }', 'WORKFLOW_NOT_FOUND', 'workflow', 'nobody'],
    ['{ metricsSeries(workflow: "nobody", step: "soon") { count } }', 'BAD_USER_INPUT', 'step', '"soon"'],
    ['{ metricsSeries(workflow: "parcel", step: "20m") { count } }', 'BAD_USER_INPUT', 'step', '20m'],
    ['{ timeline(executionId: "no-one") { nodes { id } } }', 'EXECUTION_NOT_FOUND', 'executionId', 'no-one'],
    ['{ events(executionId: "no-one") { nodes { id } } }', 'EXECUTION_NOT_FOUND', 'executionId', 'no-one'],
    [
      'mutation { cancelExecution(executionId: "no-one") { __typename } }',
      'EXECUTION_NOT_FOUND',
      'executionId',
      'no-one',
    ],
    [
      'mutation { signalExecution(executionId: "no-one", signal: "s") { position } }',
      'EXECUTION_NOT_FOUND',
      'executionId',
      'no-one',
    ],
    ['mutation { rebuildProjections(names: []) { position } }', 'BAD_USER_INPUT', 'names', '[]'],
    ['subscription { executionEvents(id: "no-one") { id } }', 'EXECUTION_NOT_FOUND', 'id', 'no-one'],
    ['mutation { rebuildProjection(name: "nobody") { position } }', 'PROJECTION_NOT_FOUND', 'name', 'nobody'],
    ['{ monitoring(timeZone: "Mars/Olympus") { position } }', 'BAD_USER_INPUT', 'timeZone', 'Mars/Olympus'],
    ['{ executions(after: "made-up") { nodes { id } } }', 'BAD_USER_INPUT', 'after', 'made-up'],
    ['subscription { events(after: "999999999") { id } }', 'BAD_USER_INPUT', 'after', '999999999'],
    ['{ executions(first: 0) { nodes { id } } }', 'BAD_USER_INPUT', 'first', '0'],
    ['{ workflows(first: 101) { nodes { name } } }', 'BAD_USER_INPUT', 'first', '101'],
    [
      '{ executions(filter: { workflow: "a b" }) { nodes { id } } }',
      'BAD_USER_INPUT',
      'filter.workflow',
      '"a b"',
    ],
    ['{ execution(id: "a b") { id } }', 'BAD_USER_INPUT', 'id', '"a b"'],
    ['{ execution(id: "a", waitFor: "x") { id } }', 'BAD_USER_INPUT', 'waitFor', '"x"'],
    ['mutation { emitEvent(type: "1") { position } }', 'BAD_USER_INPUT', 'type', '"1"'],
    [
      'mutation { startExecution(workflow: "parcel", idempotencyKey: "") { position } }',
      'BAD_USER_INPUT',
      'idempotencyKey',
      '""',
    ],
    ['mutation { registerWorkflow(source: "") { position } }', 'BAD_USER_INPUT', 'source', '""'],
    [
      'subscription { events(filter: { types: ["nonsense"] }) { id } }',
      'BAD_USER_INPUT',
      'filter.types',
      '["nonsense"]',
    ],
  ])('%s', async (document, code, field, found) => {
    const [error] = document.startsWith('subscription')
      ? await overStream(api.url, document)
      : await api.refusal(document);
    expect(error?.message).toMatch(/^Expected /);
    expect(error?.extensions).toMatchObject({ code, field, found });
  });

  it('a time span that ends before it begins', async () => {
    const [error] = await api.refusal(
      '{ metrics(workflow: "parcel", from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z") { count } }',
    );
    expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'from' });
  });

  it('a definition with every problem and its place', async () => {
    const source = 'execution:\n  workflow: Bad Name\n  activities:\n    - name: a\n      colour: red\n';
    const [error] = await api.refusal(
      'mutation ($source: String!) { registerWorkflow(source: $source) { position } }',
      { source },
    );
    expect(error?.extensions['code']).toBe('INVALID_DEFINITION');
    const { problems } = { ...error?.extensions } as {
      problems: { line: number; path: string; message: string }[];
    };
    expect(problems.map(({ line }) => line)).toEqual([2, 5]);
    for (const { message } of problems) expect(message).toMatch(/^Expected .+, but /);
  });

  it('a payload over the limit, with its size and the limit', async () => {
    const [error] = await api.refusal(
      'mutation ($input: JSON) { startExecution(workflow: "parcel", input: $input) { position } }',
      { input: { large: 'x'.repeat(600_000) } },
    );
    expect(error?.extensions).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', expected: 524_288 });
    expect(error?.extensions['found']).toBeGreaterThan(600_000);
  });

  it('to wait for what nobody has written, after a while', async () => {
    const [error] = await api.refusal('{ workflows(waitFor: "1000000") { nodes { name } } }');
    expect(error?.extensions).toMatchObject({
      code: 'WAIT_TIMEOUT',
      field: 'waitFor',
      found: '1000000',
      views: expect.arrayContaining([
        { name: 'workflows', position: expect.any(String) as string },
      ]) as unknown,
    });
    const feed = 'subscription { monitoringChanged(after: "1000000", timeZone: "UTC") { position } }';
    const [late] = await overStream(api.url, feed);
    expect(late?.extensions).toMatchObject({ code: 'WAIT_TIMEOUT', field: 'after', found: '1000000' });
  });
});

const overStream = async (url: string, query: string): ReturnType<ServedApi['refusal']> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
  });
  const [, json = '{}'] = /^data: (\{.+\})$/m.exec(await response.text()) ?? [];
  return (JSON.parse(json) as { errors: Awaited<ReturnType<ServedApi['refusal']>> }).errors;
};
