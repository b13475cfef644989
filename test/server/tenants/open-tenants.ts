import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECRET, tokenOf } from '../../access/tokens.ts';
import { temporaryFolder } from '../../adapters/sqlite/temporary-folder.ts';
import { openHttp, type HttpServerUnderTest } from '../../http/open-http.ts';

/** What only one tenant says. */
export const SAID = 'said-by-acme-only';

export const ADMIN_KEY = 'the-key-of-whoever-set-the-server-up';

const SOURCE = `execution:
  workflow: orders
  tags: ['of-\${input.who}']
  activities:
    - { name: note, activity: log, input: { message: '\${input.who}', level: warn } }
    - { name: tell, activity: notify, input: { channels: [email], recipients: [ops], subject: '\${input.who}' } }
    - { name: part, workflow: { name: parts, input: { who: '\${input.who}' } } }
    - { name: sign, approval: { assignees: [ann] } }
`;

const PARTS = `execution:
  workflow: parts
  activities:
    - { name: note, activity: log, input: { message: '\${input.who}', level: warn } }
`;

type Body = Readonly<Record<string, unknown>>;

/** What names an execution, and what was told of it. */
export interface Started {
  readonly id: string;
  readonly notification: string;
}

/** Somebody of a tenant. */
export interface Somebody {
  readonly headers: Readonly<Record<string, string>>;
  /** The body that an operation is answered with, as text too. */
  ask(query: string, variables?: object): Promise<{ readonly body: Body; readonly text: string }>;
}

/** A server of several tenants, whose definitions are registered. */
export interface Tenants {
  readonly server: HttpServerUnderTest;
  readonly source: string;
  as(claims: Body): Promise<Somebody>;
  readonly admin: Somebody;
  /** Starts an execution that waits for a decision; answers what names it once all of it is to be seen. */
  start(who: Somebody, said: string): Promise<Started>;
}

const START = `mutation ($who: String!) {
  startExecution(workflow: "orders", input: { who: $who }) { executionId } }`;

/** Opens a server that knows its callers. */
export const openTenants = async (): Promise<Tenants> => {
  const recipients = join(temporaryFolder(), 'recipients.yaml');
  // There is no server for e-mail: it is given up.
  writeFileSync(recipients, 'ops: { email: ops@example.org }\n');
  const server = await openHttp(
    {},
    { SAGALOG_JWT_SECRET: SECRET, SAGALOG_ADMIN_KEY: ADMIN_KEY, SAGALOG_RECIPIENTS: recipients },
  );
  const somebody = (token: string): Somebody => {
    const headers = { authorization: `Bearer ${token}` };
    return {
      headers,
      ask: async (query, variables = {}) => {
        const { body } = await server.send('POST', '/graphql', { headers, json: { query, variables } });
        return { body, text: JSON.stringify(body) };
      },
    };
  };
  const admin = somebody(ADMIN_KEY);
  for (const source of [PARTS, SOURCE]) {
    const { text } = await admin.ask(
      'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }',
      {
        source,
      },
    );
    if (text.includes('errors')) throw new Error(text);
  }
  const { log, projector } = server.core;
  return {
    server,
    source: SOURCE,
    admin,
    as: async (claims) => somebody(await tokenOf({ roles: ['admin'], ...claims })),
    start: async (who, said) => {
      const { body, text } = await who.ask(START, { who: said });
      const { data } = body as { data?: { startExecution: { executionId: string } } };
      if (data?.startExecution === undefined) throw new Error(text);
      const id = data.startExecution.executionId;
      for await (const { events } of log.subscribe({ after: 0n, signal: AbortSignal.timeout(20_000) }))
        if (events.some(({ stream, type }) => stream === `execution-${id}` && type === 'approval.requested'))
          break;
      const views = (await projector.status()).map(({ name }) => name);
      await projector.waitFor(await log.end(), views, 20_000);
      const { body: found } = await who.ask(
        `{ notifications(filter: { executionId: "${id}" }) { nodes { id } } }`,
      );
      const { notifications } = found['data'] as { notifications: { nodes: readonly { id: string }[] } };
      return { id, notification: notifications.nodes[0]?.id ?? 'none' };
    },
  };
};
