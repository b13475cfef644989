import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { startServer } from '../../src/server.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { ask } from './open-server.ts';

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
  const triggered = server.core.definitions.triggeredBy('order:placed');
  const answer = ask(server, EMIT);
  release.resolve();
  const [definitions, answered] = await Promise.all([triggered, answer]);
  expect(definitions.map(({ workflow }) => workflow)).toEqual(['ship']);
  expect(answered).toEqual({ emitEvent: { executions: [{ created: true }] } });
  await server.started;
});
