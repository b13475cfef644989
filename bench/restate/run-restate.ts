import { readFileSync } from 'node:fs';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createEndpointHandler, service, type Context } from '@restatedev/restate-sdk';
import { connect } from '@restatedev/restate-sdk-clients';
import { STEPS, round } from '../figures.ts';
import { measure } from '../measure.ts';
import type { Run } from '../peers.ts';
import { startServer } from './server.ts';

const bench = service({
  name: 'bench',
  handlers: {
    work: async (ctx: Context): Promise<void> => {
      for (let step = 1; step <= STEPS; step += 1) await ctx.run(`step_${step}`, () => null);
    },
  },
});

/** Runs the work on a Restate server of its own: single node, its defaults, loopback only. */
export const run: Run = async ({ work, folder }) => {
  const endpoint = createServer(createEndpointHandler({ services: [bench], logger: () => undefined }));
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const { port } = endpoint.address() as AddressInfo;
  const sessions = new Set<{ destroy(): void }>();
  endpoint.on('session', (session) => sessions.add(session));
  const server = await startServer(folder);
  try {
    await server.register(`http://127.0.0.1:${port}`);
    const client = connect({ url: server.ingress }).serviceClient(bench);
    const measured = await measure(() => client.work(), work);
    const memory = round((residentKiB(server.pid) + residentKiB(process.pid)) / 1_024);
    return { name: 'restate', ...measured, memory };
  } finally {
    await server.stop();
    for (const session of sessions) session.destroy();
    endpoint.close();
  }
};

const residentKiB = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN);
