import { createClient } from 'graphql-ws';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { openHttp } from '../http/open-http.ts';

const ID = '0199a8f2-6f00-7000-8000-000000000001';

it('what goes wrong with a request is logged with the id that its answer has', async () => {
  const server = await openHttp({
    decorations: {
      log: (log) => ({
        ...log,
        read: (stream, options) => {
          if (stream === `execution-${ID}`) throw new TypeError('Broken by the spec.');
          return log.read(stream, options);
        },
      }),
    },
  });
  const failed = () =>
    server.logger.lines
      .filter(({ message }) => message === 'A request failed')
      .map(({ fields }) => fields['requestId'] as string);
  const query = `{ events(executionId: "${ID}") { nodes { type } } }`;
  const send = (id: string) =>
    server.send('POST', '/graphql', { json: { query }, headers: { 'x-request-id': id } });
  const answers = await Promise.all(['a', 'b', 'c'].map(send));
  expect(answers.map(({ headers }) => headers.get('x-request-id'))).toEqual(['a', 'b', 'c']);
  expect(failed().toSorted()).toEqual(['a', 'b', 'c']);
  const client = createClient({ url: server.url.replace(/^http/, 'ws'), webSocketImpl: WebSocket });
  onTestFinished(() => client.dispose());
  for await (const { errors } of client.iterate({ query })) expect(errors).toHaveLength(1);
  expect(failed()).toHaveLength(4);
  expect(failed()[3]).toMatch(/^[0-9a-f-]{36}$/);
});
