import { describe, expect, it } from 'vitest';
import { answersOf, openStream } from '../graphql/sse.ts';
import { ask } from '../server/open-server.ts';
import { openHttp } from './open-http.ts';

const ORDERS = `
workflow: orders
logging: { level: warn }
trigger: { http: { method: POST, path: /orders } }
activities:
  - name: note
    activity: log
    input: { message: 'Order \${input.order}', level: warn, fields: { order: '\${input.order}' } }
  - name: quiet
    activity: log
    input: { message: Nobody sees it }
`;

const ROWS = 'timestamp workflow executionId activity step level component message fields type attempt';

interface Row {
  readonly message: string;
  readonly executionId: string;
}

const logsOf = async (
  server: Parameters<typeof ask>[0],
  filter: object,
  waitFor: string,
): Promise<readonly Row[]> => {
  const query = `query ($filter: LogFilter, $waitFor: Position) {
    logs(filter: $filter, waitFor: $waitFor, orderBy: TIMESTAMP_ASC) { nodes { ${ROWS} } pageInfo { hasNextPage } }
  }`;
  const { logs } = (await ask(server, query, { filter, waitFor })) as { logs: { nodes: readonly Row[] } };
  return logs.nodes;
};

describe('logs', () => {
  it('are asked for by execution and level, as the definition keeps them', async () => {
    const server = await openHttp();
    await server.register(ORDERS);
    const { body } = await server.send('POST', '/orders', { json: { order: 7 } });
    const executionId = body['executionId'] as string;
    await server.core.engine.ended(executionId);
    const end = String(await server.core.log.end());
    expect(await logsOf(server, { executionId, level: ['INFO', 'WARN', 'ERROR'] }, end)).toEqual([
      {
        timestamp: expect.any(String) as string,
        workflow: 'orders',
        executionId,
        activity: 'log',
        step: 'note',
        level: 'WARN',
        component: 'ACTIVITY_EXECUTOR',
        message: 'Order 7',
        fields: { order: 7 },
        type: 'step.logged',
        attempt: 1,
      },
    ]);
    const happened = await logsOf(server, { executionId, level: ['EVENT'] }, end);
    expect(happened.map(({ message }) => message)).toEqual([
      'execution.started',
      'step.started',
      'step.logged',
      'step.completed',
      'step.started',
      'step.completed',
      'execution.completed',
    ]);
  });

  it('are followed as they are written, also from a position on', async () => {
    const server = await openHttp();
    await server.register(ORDERS);
    const before = await server.core.log.end();
    const filter = '{ workflow: "orders", level: [WARN], text: "order" }';
    const stream = await openStream(
      server.url,
      `subscription { logs(filter: ${filter}, after: "${before}") { message executionId } }`,
    );
    const ids: unknown[] = [];
    for (const order of [1, 2]) {
      const { body } = await server.send('POST', '/orders', { json: { order } });
      ids.push(body['executionId']);
      await server.core.engine.ended(body['executionId'] as string);
    }
    const rows: unknown[] = [];
    for await (const { data } of answersOf(stream)) {
      rows.push(data?.['logs']);
      if (rows.length === 2) break;
    }
    expect(rows).toEqual([
      { message: 'Order 1', executionId: ids[0] },
      { message: 'Order 2', executionId: ids[1] },
    ]);
  });

  it('refuse a filter that means nothing', async () => {
    const server = await openHttp();
    await expect(logsOf(server, { level: [] }, '0')).rejects.toThrow('BAD_USER_INPUT');
    await expect(logsOf(server, { executionId: '!' }, '0')).rejects.toThrow('BAD_USER_INPUT');
    await expect(logsOf(server, { level: ['LOUD'] }, '0')).rejects.toThrow('LogLevel');
  });
});
