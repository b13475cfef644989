import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { createClient, type Client } from '../../clients/typescript/client.ts';
import { Cancel, Follow, Register, Start, type ExecutionStatus } from '../../clients/typescript/generated.ts';
import { failedSince } from '../../clients/typescript/main.ts';
import { serveApi, type ServedApi } from './served-api.ts';
import { APPROVED, BROKEN } from './workflows.ts';

const allOf = async <T>(values: AsyncIterable<T>): Promise<readonly T[]> => {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
};

describe('the typed client', () => {
  let api: ServedApi;
  let client: Client;

  beforeAll(async () => {
    api = await serveApi();
    client = createClient(api.url);
    for (const source of [APPROVED, BROKEN]) await client.ask(Register, { source });
  });

  afterAll(() => api.close());

  it('follows an execution to its end, and finds it among those that failed', async () => {
    const from = new Date(0).toISOString();
    const { startExecution } = await client.ask(Start, { workflow: 'broken', input: { order: 1 } });
    const id = startExecution.executionId;
    const seen: string[] = [];
    let last = '0';
    for await (const { executionEvents } of client.follow(Follow, { id })) {
      seen.push(executionEvents.type);
      last = executionEvents.cursor;
    }
    expect([seen[0], seen.at(-1)]).toEqual(['execution.started', 'execution.failed']);
    const failed = await allOf(failedSince(client, from, last));
    expect(failed).toEqual([
      {
        id,
        workflow: 'broken',
        status: 'FAILED',
        startedAt: expect.any(String) as string,
        duration: expect.any(Number) as number,
        errorStep: 'look',
        error: { type: 'ExpressionError', message: expect.any(String) as string },
      },
    ]);
  });

  it('has to decide by what became of a call to cancel', async () => {
    const { startExecution } = await client.ask(Start, {
      workflow: 'approved_delivery',
      input: { order: 2 },
    });
    const call = { id: startExecution.executionId, reason: 'ordered twice' };
    const { cancelExecution: first } = await client.ask(Cancel, call);
    expect(first).toMatchObject({ __typename: 'ExecutionCancelled', status: 'CANCELLED' });
    const { cancelExecution: second } = await client.ask(Cancel, call);
    expect(second).toMatchObject({ __typename: 'ExecutionAlreadyEnded', status: 'CANCELLED' });
    if (second.__typename !== 'ExecutionBeingUndone')
      expectTypeOf(second.status).toEqualTypeOf<ExecutionStatus>();
  });

  it('is refused with a code, also what it follows', async () => {
    await expect(client.ask(Start, { workflow: 'nobody' })).rejects.toMatchObject({
      name: 'Refused',
      code: 'WORKFLOW_NOT_FOUND',
    });
    // @ts-expect-error A number is no name of a workflow, as the compiler says before the server does.
    await expect(client.ask(Start, { workflow: 5 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(allOf(client.follow(Follow, { id: 'no-one' }))).rejects.toMatchObject({
      code: 'EXECUTION_NOT_FOUND',
    });
  });
});
