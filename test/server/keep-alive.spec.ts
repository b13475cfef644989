import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { openServer } from './open-server.ts';

it('keeps connections longer than a load balancer does', async () => {
  const server = await openServer({});
  const agent = new Agent({ keepAlive: true });
  const [response] = (await once(get(new URL('/healthz', server.url), { agent }), 'response')) as [
    IncomingMessage,
  ];
  response.resume();
  expect(response.headers['keep-alive']).toBe('timeout=65');
  agent.destroy();
});
