import { expect, it } from 'vitest';
import { timelineEntryFrom } from '../../src/graphql/models/timeline-entry.model.ts';
import type { TimelineDocument } from '../../src/projections/timeline-document.ts';

it.each([
  [null, null, 0],
  ['pay', null, 0],
  ['each[3].pay', 'each', 1],
  ['both[left].each[3].pay', 'both[left].each', 2],
  ['both[left].each', 'both', 1],
  ['each[3]', 'each', 1],
  ['both[left].each[3]', 'both[left].each', 2],
])('an entry of %s says that it is in %s, %i deep', (step, parentStep, depth) => {
  const doc = { step } as TimelineDocument;
  expect(timelineEntryFrom({ key: 'an-entry', position: 1n, doc })).toMatchObject({
    step,
    parentStep,
    depth,
  });
});
