import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { startServerProcess } from './server-process.ts';

const README = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');

/** The blocks of a language, in the README's order. */
const blocks = (language: string): readonly string[] =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, text]) => text ?? '');

it('does what the README says', async () => {
  const data = temporaryFolder();
  const folder = join(data, 'mine');
  mkdirSync(folder);
  const [workflow = ''] = blocks('yaml');
  const [activities = ''] = blocks('ts');
  writeFileSync(join(folder, 'workflow.yaml'), workflow);
  // A module of a project that depends on the package; here the package is the one that was built.
  const entry = new URL('../../dist/index.js', import.meta.url).href;
  writeFileSync(join(folder, 'activities.ts'), activities.replace("from 'sagalog'", `from '${entry}'`));
  const server = await startServerProcess({
    SAGALOG_DATA: data,
    SAGALOG_WORKFLOWS: folder,
    SAGALOG_ACTIVITIES: folder,
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const [place = '', look = '', approve = '', figures = '', follow = ''] = blocks('graphql');

  const order = { order: 'O-4711', amount: 120.5 };
  const { emitEvent } = await server.query<{
    emitEvent: { position: string; executions: { executionId: string }[] };
  }>(place, { order });
  const id = emitEvent.executions[0]?.executionId ?? '';
  const looked = await server.query<{ execution: object; timeline: object; events: { nodes: object[] } }>(
    look,
    {
      id,
      position: emitEvent.position,
    },
  );
  expect(looked.execution).toMatchObject({ status: 'RUNNING' });
  expect(looked.events.nodes[0]).toMatchObject({ type: 'execution.started', payload: { event: order } });

  const client = createClient({ url: server.url.replace('http', 'ws'), webSocketImpl: WebSocket });
  onTestFinished(() => client.dispose());
  const seen: { type: string; position: string }[] = [];
  const approved = server.query(approve, { id });
  for await (const { data: payload } of client.iterate<{ executionEvents: (typeof seen)[number] }>({
    query: follow,
    variables: { id },
  }))
    if (payload != null) seen.push(payload.executionEvents);
  await approved;
  expect(seen[0]?.type).toBe('execution.started');
  expect(seen.at(-1)?.type).toBe('execution.completed');

  const counted = await server.query(figures, { position: seen.at(-1)?.position });
  expect(counted).toMatchObject({
    monitoring: { activeWorkflows: 0, currentLoad: 'LOW' },
    metrics: { successRate: 100, errorRate: 0 },
  });
  expect(await server.kill('SIGTERM')).toBe(0);
});
