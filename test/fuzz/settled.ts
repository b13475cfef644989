import { SAID, type PlantedServer } from './planted.ts';
import type { Known } from './values.ts';

const ORDERS = `execution:
  workflow: orders
  tags: ['of-\${input.who}']
  activities:
    - { name: note, activity: log, input: { message: '\${input.who}', level: warn } }
    - { name: tell, activity: notify, input: { channels: [email, slack, webhook], recipients: [ops], subject: '\${input.who}' } }
    - { name: part, workflow: { name: parts, input: { who: '\${input.who}' } } }
    - { name: sign, approval: { assignees: [ann] } }
`;

const PARTS = `execution:
  workflow: parts
  activities:
    - { name: note, activity: log, input: { message: '\${input.who}' } }
`;

const PARTNER = `execution:
  workflow: partner
  activities:
    - name: ask
      activity: http
      input: { url: 'http://127.0.0.1:9/planted', headers: { authorization: { secret: PARTNER, prefix: 'Bearer ' } } }
      retry: { max_attempts: 1 }
`;

type Headers = Readonly<Record<string, string>>;

/** Asks for data; rejects when there are errors. */
export const asker =
  (url: string) =>
  async <T>(headers: Headers, query: string, variables: object = {}): Promise<T> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };

const START = `mutation ($workflow: String!, $who: String!, $key: String!) {
  startExecution(workflow: $workflow, input: { who: $who }, idempotencyKey: $key) { executionId } }`;

interface Page<T> {
  readonly nodes: readonly T[];
}

/** Callers that operations are asked by, and what they can name. */
export interface Settled {
  readonly callers: readonly Headers[];
  readonly known: Known;
}

/** Puts a server to work: for a tenant whose secrets are its own, and for those who will ask. */
export const settle = async ({ server, admin, as }: PlantedServer): Promise<Settled> => {
  const ask = asker(server.url);
  const beta = await as({ tenant: 'beta' });
  const acme = await as({ tenant: 'acme' });
  const definitions: string[] = [];
  for (const source of [PARTS, ORDERS, PARTNER]) {
    const { registerWorkflow } = await ask<{ registerWorkflow: { definition: string } }>(
      admin,
      'mutation ($source: String!) { registerWorkflow(source: $source) { definition } }',
      { source },
    );
    definitions.push(registerWorkflow.definition);
  }
  const executions: string[] = [];
  for (const [headers, who] of [
    [admin, 'us'],
    [beta, 'them'],
    [acme, SAID],
  ] as const)
    for (const workflow of ['orders', 'parts', 'partner']) {
      const { startExecution } = await ask<{ startExecution: { executionId: string } }>(headers, START, {
        workflow,
        who,
        key: `${workflow}-1`,
      });
      executions.push(startExecution.executionId);
    }
  const told = async (headers: Headers): Promise<readonly string[]> => {
    for (;;) {
      const { notifications } = await ask<{ notifications: Page<{ id: string }> }>(
        headers,
        '{ notifications { nodes { id } } }',
      );
      if (notifications.nodes.length >= 3) return notifications.nodes.map(({ id }) => id);
    }
  };
  const notifications = [...(await told(admin)), ...(await told(beta)), ...(await told(acme))];
  const { events } = await ask<{ events: Page<{ id: string }> }>(
    admin,
    'query ($id: ID!) { events(executionId: $id, first: 30) { nodes { id } } }',
    { id: executions[0] },
  );
  const { projections } = await ask<{ projections: readonly { name: string }[] }>(
    admin,
    '{ projections { name } }',
  );
  return {
    // What nobody may is answered before anything of it is carried out: those who may ask more often.
    callers: [admin, admin, admin, beta, beta, await as({ tenant: 'beta', roles: ['viewer'] }), {}],
    known: {
      executions,
      notifications,
      events: events.nodes.map(({ id }) => id),
      workflows: ['orders', 'parts', 'partner'],
      steps: ['note', 'tell', 'part', 'sign', 'ask'],
      projections: projections.map(({ name }) => name),
      sources: [ORDERS, PARTS, PARTNER, 'execution: 1', ORDERS.replace('log', 'nothing')],
      definitions,
    },
  };
};
