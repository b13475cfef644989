import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { startServer } from '../../src/server.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { ask } from './open-server.ts';

const START = 'mutation { startExecution(workflow: "ship") { created } }';
const EMIT = 'mutation { emitEvent(type: "order:placed") { executions { created } } }';

const SOURCE = `execution:
  workflow: ship
  trigger: { event: order:placed }
  activities:
    - name: note
      activity: log
`;

it('keeps what comes while its folder is being registered waiting, so that it starts what the folder says', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'ship.yaml'), SOURCE);
  const registering = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const log = (log: EventLog): EventLog => ({
    ...log,
    append: async (commit) => {
      registering.resolve();
      if (commit.stream === 'workflow-ship') await release.promise;
      return log.append(commit);
    },
  });
  const config = readConfig({ SAGALOG_DATA: temporaryFolder(), SAGALOG_WORKFLOWS: folder, PORT: '0' });
  const server = await startServer({
    config,
    logger: keepingLogger(),
    decorations: { log },
    development: false,
  });
  onTestFinished(() => server.close());
  await registering.promise;
  const { definitions } = server.core;
  const found = Promise.all([definitions.startable('ship'), definitions.triggeredBy('order:placed')]);
  const answers = Promise.all([ask(server, START), ask(server, EMIT)]);
  release.resolve();
  const [[latest, triggered], answered] = await Promise.all([found, answers]);
  expect(triggered).toEqual([latest]);
  expect(answered).toEqual([
    { startExecution: { created: true } },
    { emitEvent: { executions: [{ created: true }] } },
  ]);
  await server.started;
});
