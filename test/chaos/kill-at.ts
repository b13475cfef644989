import { describe, expect, it } from 'vitest';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import { halved } from './halved.ts';
import { line, openChaos } from './open-chaos.ts';
import { isOfNodes, POINTS, type CrashPoint } from './points.ts';

/** The points at which a server with embedded stores can be killed. */
export const EMBEDDED = halved(POINTS.filter((point: CrashPoint) => !isOfNodes(point)));

/** A server with embedded stores is killed so many times at each of the points, and has to go on. */
export const killAt = (points: readonly CrashPoint[], times = 1): void => {
  const often = times === 1 ? 'once' : `${times} times`;
  describe(`a server that is killed ${often}`, () => {
    it.each(points)('at $name goes on. $means', async (point) => {
      const chaos = openChaos({ openLog: (path) => openSqliteLog({ path }) });
      await chaos.crash(point);
      for (let again = 1; again < times; again += 1) await chaos.crash(point, 20);
      const counts = await chaos.finish();
      console.log(line(`${point.name}, ${often}`, counts));
      expect(counts.executions).toBe(36);
    });
  });
};
