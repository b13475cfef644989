import { expect } from 'vitest';
import type { SourceCounts } from './counted-source.ts';
import type { SampleServer } from './sample-server.ts';

/** Turns of the server's event loop, seen by what it answers, that nothing may be pulled in. */
const TURNS = 20;

/** Resolves with how many values were pulled once no more are, though the server has had many turns to. */
export const whenNothingIsPulled = async (
  { post }: Pick<SampleServer, 'post'>,
  count: () => SourceCounts,
): Promise<number> => {
  const pulledMeanwhile = async (): Promise<number> => {
    const before = count().pulled;
    for (let turn = 0; turn < TURNS; turn += 1) await post('{ bumps }');
    return count().pulled - before;
  };
  await expect.poll(count).toMatchObject({ opened: 1 });
  await expect.poll(pulledMeanwhile).toBe(0);
  return count().pulled;
};
