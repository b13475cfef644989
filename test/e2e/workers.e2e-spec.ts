import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

const WORKER = fileURLToPath(new URL('plain-worker.mjs', import.meta.url));
const DOCS = readFileSync(fileURLToPath(new URL('../../docs/workers.md', import.meta.url)), 'utf8');

const START = 'mutation ($workflow: String!) { startExecution(workflow: $workflow) { executionId } }';
const REGISTER = 'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }';
const LOOK = `query ($id: ID!) { execution(id: $id) { status }
  timeline(executionId: $id) { nodes { kind step attempt status worker errorType output } } }`;

const scan = (more: string): string =>
  `execution:\n  workflow: pages\n  activities:\n    - name: scan\n      output: { by: "\${output.by}" }\n      ${more}\n`;

interface Entry {
  readonly kind: string;
  readonly status: string;
}

interface Looked {
  readonly execution: { readonly status: string } | null;
  readonly timeline: { readonly nodes: readonly Entry[] };
}

/** Parts of a worker that is a process of its own. */
const startWorker = (server: string, name: string, deed: 'works' | 'waits') => {
  const child = spawn(process.execPath, [WORKER, server, name, deed], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    /** What it says next that has such a field. */
    says: async (field: string): Promise<Readonly<Record<string, unknown>>> => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`Expected ${name} to say "${field}", but it has ended.`);
        const said = JSON.parse(value) as Readonly<Record<string, unknown>>;
        if (field in said) return said;
      }
    },
    goOn: () => void child.stdin.write('\n'),
    kill: () =>
      new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const opened = async (env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> => {
  const server = await startServerProcess({ SAGALOG_DATA: temporaryFolder(), ...env });
  onTestFinished(() => void server.kill('SIGKILL'));
  return server;
};

const start = async ({ query }: ServerProcess, source: string): Promise<string> => {
  await query(REGISTER, { source });
  const { startExecution } = await query<{ startExecution: { executionId: string } }>(START, {
    workflow: 'pages',
  });
  return startExecution.executionId;
};

/** What is known of the attempts of an execution, once it has completed. */
const attemptsOf = async ({ query }: ServerProcess, id: string): Promise<readonly Entry[]> => {
  const look = (): Promise<Looked> => query<Looked>(LOOK, { id });
  const isDone = ({ kind, status }: Entry): boolean => kind === 'STEP' && status === 'COMPLETED';
  // The views of the timeline and of executions are folded each at its own pace.
  const done = async (): Promise<readonly unknown[]> => {
    const { execution, timeline } = await look();
    return [execution?.status, timeline.nodes.some(isDone)];
  };
  await expect.poll(done).toEqual(['COMPLETED', true]);
  return (await look()).timeline.nodes.filter(({ kind }) => kind === 'STEP');
};

it('has the attempt of a worker that was killed made by another, and takes nothing more of the first', async () => {
  const server = await opened();
  const id = await start(
    server,
    scan('timeout: { heartbeat: 1s }\n      retry: { max_attempts: 2, backoff: { initial: 10ms } }'),
  );
  const origin = new URL(server.url).origin;
  const first = startWorker(origin, 'first', 'waits');
  const { token } = await first.says('token');
  await first.says('begun');
  await first.kill();
  const second = startWorker(origin, 'second', 'works');
  expect(await second.says('token')).toMatchObject({ attempt: 2, progress: { by: 'first' } });
  expect(await second.says('completed')).toEqual({ completed: 2, status: 200 });
  const late = await fetch(`${origin}/workers/complete`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, output: { by: 'a ghost' } }),
  });
  expect({ status: late.status, body: await late.json() }).toMatchObject({
    status: 409,
    body: { error: { code: 'ATTEMPT_OVER' } },
  });
  expect(await attemptsOf(server, id)).toMatchObject([
    { attempt: 1, status: 'FAILED', worker: 'first', errorType: 'Timeout' },
    { attempt: 2, status: 'COMPLETED', worker: 'second', errorType: null, output: { by: 'second' } },
  ]);
});

it('lets a worker go on while the server is killed and started again, also with a step that is tried once', async () => {
  const env = { SAGALOG_DATA: temporaryFolder(), PORT: String(await freePort()) };
  const server = await opened(env);
  const id = await start(server, scan('timeout: { heartbeat: 60s }'));
  const worker = startWorker(new URL(server.url).origin, 'steady', 'waits');
  await worker.says('begun');
  await server.kill('SIGKILL');
  worker.goOn();
  const next = await opened(env);
  expect(await worker.says('completed')).toEqual({ completed: 1, status: 200 });
  expect(await attemptsOf(next, id)).toMatchObject([
    { attempt: 1, worker: 'steady', output: { attempt: 1 } },
  ]);
});

const blocks = (language: string): readonly string[] =>
  [...DOCS.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, text]) => text ?? '');

it('does what its documentation says', async () => {
  const server = await opened();
  const folder = join(temporaryFolder(), 'session');
  mkdirSync(folder);
  const [workflow = ''] = blocks('yaml');
  const id = await start(server, workflow);
  writeFileSync(join(folder, 'session.sh'), blocks('sh').join('\necho\n'));
  const child = spawn('sh', ['-e', 'session.sh'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', SAGALOG: new URL(server.url).origin },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  const answers = said
    .replaceAll('}{', '}\n{')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
  const expected = blocks('json')
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
  expect(answers).toHaveLength(expected.length);
  for (const [n, answer] of expected.entries()) expect(answers[n]).toMatchObject(answer as object);
  expect(await attemptsOf(server, id)).toMatchObject([{ worker: 'me', output: { text: 'hello' } }]);
});
