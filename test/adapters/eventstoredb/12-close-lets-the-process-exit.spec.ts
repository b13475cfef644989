import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { startServer } from './support.ts';

it('exits by itself after close(), with nothing pending', async () => {
  const server = await startServer();
  const script = new URL('./open-use-close.ts', import.meta.url);

  const child = spawn(process.execPath, [script.pathname, server.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8');
  let printed = '';
  child.stdout.on('data', (text: string) => (printed += text));

  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(printed).toBe('closed\n');
});
