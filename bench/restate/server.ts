import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
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
  const [node, admin, ingress] = [await freePort(), await freePort(), await freePort()];
  const binary = fileURLToPath(
    import.meta.resolve(`@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`),
  );
  const log = createWriteStream(join(folder, 'restate.log'));
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
    throw error;
  }
  return {
    pid: server.pid ?? Number.NaN,
    ingress: `http://127.0.0.1:${ingress}`,
    register: (uri) => register(`http://127.0.0.1:${admin}/deployments`, uri),
    stop,
  };
};

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

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};
