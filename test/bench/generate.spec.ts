import { expect, it } from 'vitest';
import { generate } from '../../bench/generate.ts';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import { openSqliteReadModels } from '../../src/adapters/sqlite/read-models.ts';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import { viewsFile } from '../../src/views-file.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';

it('writes executions that the log and the views hold as if they had been run', async () => {
  const data = temporaryFolder();
  const dueAt = Date.UTC(2100, 0, 1);
  await generate(data, { finished: 20, standard: 2 });
  await generate(data, { running: 3, waiting: [dueAt, dueAt + 1] });

  const log = await openSqliteLog({ path: data });
  const readModels = await openSqliteReadModels({ path: viewsFile(data) });
  try {
    expect(await log.end()).toBe(BigInt(3 + 20 * 4 + 2 * 12 + 3 * 2 + 2 * 3));
    const found = await readModels.find('executions_1', { limit: 100 });
    const which = found.map(({ doc }) => [doc['status'], doc['waiting'], doc['dueAt']]);
    expect(which).toHaveLength(27);
    expect(which.filter(([status]) => status === 'completed')).toHaveLength(22);
    expect(which.filter(([status, waits]) => status === 'running' && waits === null)).toHaveLength(3);
    for (const due of [dueAt, dueAt + 1]) expect(which).toContainEqual(['running', 'timer', due]);
    for (const { key } of found) {
      const stream = `execution-${key}`;
      expect(verifyChain(stream, await log.read(stream))).toMatchObject({ ok: true });
    }
  } finally {
    await readModels.close();
    await log.close();
  }
});
