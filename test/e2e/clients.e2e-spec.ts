import { gql } from '@apollo/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApollo } from './clients/apollo.ts';
import { Refused, type ApiClient } from './clients/api-client.ts';
import { openStreams } from './clients/streams.ts';
import { openUrql, openUrqlByStreams } from './clients/urql.ts';
import { serveApi, type ServedApi } from './served-api.ts';
import { APPROVED, approve, awaited, NOTE, register, start, type Started } from './workflows.ts';

const CLIENTS: readonly (readonly [string, (url: string) => ApiClient])[] = [
  ['Apollo Client', openApollo],
  ['urql', openUrql],
  ['urql by event streams', openUrqlByStreams],
  ['graphql-sse', openStreams],
];

const START =
  'mutation ($workflow: String!) { startExecution(workflow: $workflow) { executionId position } }';
const STATUS = 'query ($id: ID!, $at: Position) { execution(id: $id, waitFor: $at) { id status workflow } }';
const EVENTS =
  'subscription ($id: ID!, $after: Position) { executionEvents(id: $id, after: $after) { cursor type } }';

interface Told {
  readonly executionEvents: { readonly cursor: string; readonly type: string };
}

const refusal = async (refused: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await refused.catch((thrown: unknown) => thrown);
  return error instanceof Refused ? error.code : error;
};

describe('clients that applications are built on', () => {
  let api: ServedApi;
  let all: readonly ApiClient[] = [];

  beforeAll(async () => {
    api = await serveApi();
    await register(api, NOTE, APPROVED);
    all = CLIENTS.map(([, open]) => open(api.url));
  });

  afterAll(async () => {
    await Promise.all(all.map((client) => client.close()));
    await api.close();
  });

  const clientAt = (n: number): ApiClient => {
    const client = all[n];
    if (client === undefined) throw new RangeError(`Expected a client ${n}.`);
    return client;
  };

  it.each(CLIENTS.map(([name], n) => [name, n] as const))(
    '%s starts, follows to the end, resumes and reads',
    async (_, n) => {
      const client = clientAt(n);
      const { startExecution } = await client.ask<{ startExecution: Started }>(START, { workflow: 'note' });
      const id = startExecution.executionId;
      const told = (await client.follow<Told>(EVENTS, { id })).map(({ executionEvents }) => executionEvents);
      expect(told.map(({ type }) => type)).toEqual([
        'execution.started',
        'step.started',
        'step.logged',
        'step.completed',
        'execution.completed',
      ]);
      const rest = await client.follow<Told>(EVENTS, { id, after: told[2]?.cursor });
      expect(rest.map(({ executionEvents }) => executionEvents)).toEqual(told.slice(3));
      const at = told.at(-1)?.cursor;
      expect(await client.ask(STATUS, { id, at })).toMatchObject({
        execution: { id, status: 'COMPLETED', workflow: 'note' },
      });
    },
  );

  it.each(CLIENTS.map(([name], n) => [name, n] as const))('%s is told the codes of errors', async (_, n) => {
    const client = clientAt(n);
    expect(await refusal(client.ask(START, { workflow: 'nobody' }))).toBe('WORKFLOW_NOT_FOUND');
    expect(await refusal(client.ask(STATUS, { id: 'a b' }))).toBe('BAD_USER_INPUT');
    expect(await refusal(client.ask('{ nothing }'))).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await refusal(client.follow(EVENTS, { id: 'no-one' }))).toBe('EXECUTION_NOT_FOUND');
    expect(await refusal(client.follow('subscription { nothing }'))).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('show by what they keep how an execution changes that they are told of', async () => {
    const apollo = openApollo(api.url);
    const { executionId: id, position } = await start(api, 'approved_delivery', { order: 1 });
    await awaited(api, id);
    const query = gql`
      query ($id: ID!, $at: Position) {
        execution(id: $id, waitFor: $at) {
          id
          status
        }
      }
    `;
    const shown: unknown[] = [];
    const watching = apollo.client
      .watchQuery<{ execution: { status: string } }>({ query, variables: { id, at: position } })
      .subscribe(({ data }) => shown.push(data?.execution));
    await expect.poll(() => shown.at(-1)).toMatchObject({ status: 'RUNNING' });
    const changes = apollo.client
      .subscribe({
        query: gql`
          subscription ($at: Position) {
            executionsChanged(after: $at) {
              cursor
              execution {
                id
                status
              }
            }
          }
        `,
        variables: { at: position },
      })
      .subscribe(() => undefined);
    await approve(api, id);
    await expect.poll(() => shown.at(-1)).toMatchObject({ id, status: 'COMPLETED' });
    changes.unsubscribe();
    watching.unsubscribe();
    await apollo.close();
  });
});
