import { expect, it } from 'vitest';
import { openSharingNode } from './sharing-nodes.ts';
import { temporaryLog } from './spec/temporary-log.ts';

it('keeps a node from starting whose views know of more than the log that all share', async () => {
  const { core } = await openSharingNode(await temporaryLog(), 'a');
  await core.readModels.saveProjection({ name: 'outcomes', version: 1, generation: 9, position: 10_000n });
  await expect(core.start()).rejects.toThrow(
    'Expected the log to reach position 10000, which the view "outcomes" was folded to, but it ends at',
  );
  expect(core.started).toBe(false);
});
