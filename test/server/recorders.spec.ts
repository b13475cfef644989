import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { ask, openServer } from './open-server.ts';

const SOURCE = 'execution:\n  workflow: note\n  activities: [{ name: log, input: { message: hello } }]\n';

it('a server gives the recorders of its file everything that happened, over restarts too', async () => {
  const folder = temporaryFolder();
  const [path, events] = [join(folder, 'recorders.yaml'), join(folder, 'events.ndjson')];
  await writeFile(path, `archive: { file: ${JSON.stringify(events)} }\n`);
  const data = temporaryFolder();
  const start = async (): Promise<string> => {
    const server = await openServer({}, data, { SAGALOG_RECORDERS: path });
    await ask(server, 'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }', {
      source: SOURCE,
    });
    const started = (await ask(server, 'mutation { startExecution(workflow: "note") { executionId } }')) as {
      startExecution: { executionId: string };
    };
    const { executionId } = started.startExecution;
    await server.core.engine.ended(executionId);
    const wanted = (): Promise<boolean> =>
      readFile(events, 'utf8').then(
        (text) => text.includes(`"execution-${executionId}"`) && text.includes('execution.completed'),
        () => false,
      );
    while (!(await wanted())) await new Promise((resolve) => setImmediate(resolve));
    await server.close();
    return executionId;
  };
  const ids = [await start(), await start()];
  const lines = (await readFile(events, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; type: string; stream: string });
  expect(lines.filter(({ type }) => type === 'execution.started').map(({ stream }) => stream)).toEqual(
    ids.map((id) => `execution-${id}`),
  );
  expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
});
