import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { connect, numbered } from './support.ts';

const MAIN = new URL('../main.ts', import.meta.url).pathname;

it('serves when it is run by hand, and leaves when it is asked to', async () => {
  const child = spawn(process.execPath, [MAIN, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = line.toString().trim().replace('Serving ', '');

  expect(await connect(url).appendToStream('a-1', numbered(0))).toMatchObject({ nextExpectedRevision: 0n });
  child.kill('SIGTERM');

  expect(await once(child, 'exit')).toEqual([0, null]);
});
