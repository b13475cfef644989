import { describe, expect, it } from 'vitest';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import { line, openChaos } from './open-chaos.ts';
import { isOfNodes, POINTS } from './points.ts';

const embedded = { openLog: (path: string) => openSqliteLog({ path }) };

describe('a server that is killed', () => {
  it.each(POINTS.filter((point) => !isOfNodes(point)))('at $name goes on. $means', async (point) => {
    const chaos = openChaos(embedded);
    await chaos.crash(point);
    const counts = await chaos.finish();
    console.log(line(point.name, counts));
    expect(counts.executions).toBe(36);
  });

  it.each(POINTS.filter(({ name }) => name === 'after-append'))(
    'at $name, and there again when it is started again, goes on',
    async (point) => {
      const chaos = openChaos(embedded);
      await chaos.crash(point);
      await chaos.crash(point, 20);
      const counts = await chaos.finish();
      console.log(line(`${point.name} twice`, counts));
      expect(counts.executions).toBe(36);
    },
  );
});
