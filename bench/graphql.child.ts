import { Agent, request } from 'node:http';
import type { Load, Loaded } from './graphql-load.ts';

// Clients that ask for a few things over and over, each on a connection of its own, in a process of their own.

const ask = (agent: Agent, url: string, body: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const asked = request(url, { agent, method: 'POST', headers }, (response) => {
      let length = 0;
      response.on('data', (part: Buffer) => (length += part.length));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(length);
        else reject(new Error(`Expected an answer, but ${url} said ${response.statusCode}.`));
      });
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });

const load = async (wanted: Load): Promise<Loaded> => {
  const agent = new Agent({ keepAlive: true, maxSockets: wanted.connections });
  const latencies: number[] = [];
  const { url, bodies } = wanted;
  const firsts: number[] = [];
  let turn = 0;
  const from = performance.now();
  const client = async (): Promise<void> => {
    for (let at = performance.now(); at - from < wanted.length; at = performance.now()) {
      const n = turn % bodies.length;
      turn += 1;
      const length = await ask(agent, url, bodies[n] ?? '');
      const first = (firsts[n] ??= length);
      if (length !== first)
        throw new Error(`Expected the answer of ${first} bytes again, but it has ${length}.`);
      latencies.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: wanted.connections }, client));
  const elapsed = performance.now() - from;
  agent.destroy();
  return { elapsed, latencies };
};

process.on('message', (wanted: Load) => {
  void load(wanted).then(
    (loaded) => process.send?.(loaded),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
