import { expect, it } from 'vitest';
import { persistently } from '../src/persistently.ts';
import { ReadModelsUnavailable } from '../src/ports/read-models.ts';
import { keepingLogger } from './graphql/keeping-logger.ts';
import { handClock } from './spec/clock.ts';

it('stops waiting for a store at once when it ends, so that nothing keeps its process', async () => {
  const clock = handClock();
  const ending = new AbortController();
  let tries = 0;
  const work = persistently({ clock, logger: keepingLogger(), ending: ending.signal }, async () => {
    tries += 1;
    throw new ReadModelsUnavailable('away');
  });
  await clock.armed(clock.now() + 1_000);
  ending.abort();
  expect(clock.due).toEqual([]);
  await expect(work).rejects.toThrow('away');
  // Once more than before it ended: whatever it was may be there by now.
  expect(tries).toBe(2);
});
