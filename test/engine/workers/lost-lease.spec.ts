import { describe, expect, it } from 'vitest';
import { OWNS_ALL, type Owned } from '../../../src/engine/owned.ts';
import { openEngine } from '../../spec/engine.ts';
import { countingIds } from '../../spec/ids.ts';
import { oneOf, openWorkers } from './opened.ts';

const SCAN = 'workflow: scan\nactivities:\n  - name: scan\n    output: { text: "${output.text}" }\n';

describe('an attempt of a worker', () => {
  it.each([
    ['lost', 'NOT_OWNER'],
    ['kept in the end', 'UNAVAILABLE'],
  ])('is not over when the lease of its node is: %s', async (what, code) => {
    const held = Promise.withResolvers<boolean>();
    const asked = Promise.withResolvers<void>();
    const lease = { held: true, owned: true };
    const owned: Owned = {
      owns: () => lease.owned,
      holds: () => lease.held,
      takes: () => lease.held,
      whenHeld: () => {
        asked.resolve();
        return held.promise;
      },
    };
    const { queued, workers, all } = await openWorkers({ owned });
    const id = await queued(SCAN);
    const { token } = await oneOf(workers);
    lease.held = false;
    const said = workers.complete(token, { text: 'on' });
    await asked.promise;
    lease.owned = what !== 'lost';
    held.resolve(false);
    await expect(said).rejects.toMatchObject({ code });
    const next = openEngine({ ...all, owned: OWNS_ALL, ids: countingIds(0.5, 1) });
    expect(await next.engine.workers.complete(token, { text: 'on' })).toMatchObject({ status: 'completed' });
    expect((await next.end(id)).state.variables).toEqual({ text: 'on' });
  });
});
