import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { onOwnMongo } from '../../servers/mongodb/on-mongo.ts';
import { startServer } from './support.ts';

/** Runs the script to its end: what it printed, and how it ended. */
const run = async (...args: readonly string[]): Promise<readonly [string, unknown]> => {
  const script = new URL('./open-use-close.ts', import.meta.url);
  const child = spawn(process.execPath, [script.pathname, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return [printed, code];
};

onOwnMongo('close', () => {
  it('lets the process exit', async () => {
    const server = await startServer();
    expect(await run(server.url, 'used')).toEqual(['closed, answered\n', 0]);
  });

  it('lets the process exit that waits for a server', async () => {
    const server = await startServer();
    await server.signal('SIGKILL');
    expect(await run(server.url, 'unused')).toEqual(['closed, unavailable\n', 0]);
  });
});
