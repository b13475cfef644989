import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A Restate server that this process started. */
export interface RestateServer {
  readonly pid: number;
  /** Where executions are asked for. */
  readonly ingress: string;
  /** Makes the services of an endpoint known. */
  register(endpoint: string): Promise<void>;
  stop(): Promise<void>;
}

const PATIENCE = 60_000;

/** Starts a server with its files in `folder`; resolves when it answers. */
export const startServer = async (folder: string): Promise<RestateServer> => {
  const [node, admin, ingress] = await freePorts(3);
  const binary = fileURLToPath(
    import.meta.resolve(`@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`),
  );
  const logFile = join(folder, 'restate.log');
  const log = createWriteStream(logFile);
  await once(log, 'open');
  const server = spawn(binary, ['--no-logo'], {
    stdio: ['ignore', log, log],
    env: {
      RESTATE_BASE_DIR: join(folder, 'restate'),
      RESTATE_NODE_NAME: 'bench',
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_BIND_IP: '127.0.0.1',
      RESTATE_ADVERTISED_HOST: '127.0.0.1',
      RESTATE_BIND_PORT: String(node),
      RESTATE_ADMIN__BIND_PORT: String(admin),
      RESTATE_INGRESS__BIND_PORT: String(ingress),
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'warn',
    },
  });
  const ended = once(server, 'exit');
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGTERM');
    await ended;
    log.end();
  };
  try {
    await answering(`http://127.0.0.1:${admin}/health`, () => server.exitCode);
    await answering(`http://127.0.0.1:${ingress}/restate/health`, () => server.exitCode);
  } catch (error) {
    await stop();
    throw new Error(`Expected Restate to start, but it said: ${await lastWords(logFile)}`, { cause: error });
  }
  return {
    pid: server.pid ?? Number.NaN,
    ingress: `http://127.0.0.1:${ingress}`,
    register: (uri) => register(`http://127.0.0.1:${admin}/deployments`, uri),
    stop,
  };
};

const lastWords = async (file: string): Promise<string> =>
  (await readFile(file, 'utf8')).trim().split('\n').slice(-5).join('\n');

const register = async (url: string, uri: string): Promise<void> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri }),
  });
  if (!answer.ok)
    throw new Error(
      `Expected Restate to take ${uri}, but it answered ${answer.status}: ${await answer.text()}`,
    );
};

const answering = async (url: string, exitCode: () => number | null): Promise<void> => {
  for (const until = Date.now() + PATIENCE; Date.now() < until;) {
    if (exitCode() !== null) throw new Error(`Expected Restate to go on, but it ended with ${exitCode()}.`);
    const ok = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return;
    await pause(50);
  }
  throw new Error(`Expected ${url} to answer within ${PATIENCE} ms, but it did not.`);
};

/** Ports of which no two are the same, since each stays taken until all are found. */
const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
};
